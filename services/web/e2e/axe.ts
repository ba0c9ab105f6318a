/** What axe has to say about a page, in light and dark. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Fails on any serious or critical fault. */
export async function clean(page: Page, name: string): Promise<void> {
  const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  await faultless(page, name);
  const ink = await colour(page);
  // Between the two nothing differs but colours.
  await page.emulateMedia({ colorScheme: dark ? "light" : "dark" });
  expect(await colour(page), `${name}: light and dark`).not.toBe(ink);
  await faultless(page, `${name}, ${dark ? "light" : "dark"}`, ["color-contrast"]);
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
}

async function faultless(page: Page, name: string, rules: string[] = []): Promise<void> {
  // Half-faded colours are not what anyone reads.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished)));
  const axe = new AxeBuilder({ page }).exclude(".mail-frame");
  const { violations } = await (rules.length > 0 ? axe.withRules(rules) : axe).analyze();
  const bad = violations.filter((each) => each.impact === "serious" || each.impact === "critical");
  expect(bad.map((each) => `${name}: ${each.id} ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
}

const colour = (page: Page) => page.evaluate(() => getComputedStyle(document.body).color);
