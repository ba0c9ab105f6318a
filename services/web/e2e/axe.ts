/** What axe has to say about a page. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Fails on any serious or critical fault. */
export async function clean(page: Page, name: string): Promise<void> {
  // Half-faded colours are not what anyone reads.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished)));
  const { violations } = await new AxeBuilder({ page }).exclude(".mail-frame").analyze();
  const bad = violations.filter((each) => each.impact === "serious" || each.impact === "critical");
  expect(bad.map((each) => `${name}: ${each.id} ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
}
