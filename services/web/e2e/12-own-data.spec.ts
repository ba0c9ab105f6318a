/** What is kept of a person, as one file; and its end. */
import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { clean } from "./axe";
import { demo } from "./demo";
import { firstStep, newcomer, proved } from "./identity";
import { signIn, words } from "./support";

test.skip(() => demo().admin === undefined, "the demo file names no admin");

interface File {
  person: string;
  missing: string[];
  parts: Record<string, unknown>;
}

test("everything is in one file, and what is missing is named", async ({ page }) => {
  const person = await newcomer();
  await signIn(page, person);
  const t = await words(page);
  await page.goto("/settings/data");
  await expect(page.getByRole("heading", { level: 1, name: t.ownData.title })).toBeVisible();
  await clean(page, "own data");
  const saved = async (button: string): Promise<File> => {
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: button }).click();
    const question = page.getByRole("dialog", { name: t.security.stepUp.title });
    await expect(question.or(page.getByText(t.ownData.ready)).or(page.locator(".note[role=alert]")).first()).toBeVisible();
    if (await question.isVisible()) {
      await question.locator("[name=password]").fill(person.password);
      await page.keyboard.press("Enter");
    }
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^onus-\d{4}-\d\d-\d\d\.json$/);
    return JSON.parse(await readFile(await file.path(), "utf8")) as File;
  };

  await test.step("one service is away: the rest is saved", async () => {
    const away = { status: 503, code: "unavailable", title: "Unavailable" };
    await page.route("**/api/tasks/export/me", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(away) }), { times: 1 });
    const { missing, parts } = await saved(t.ownData.start);
    expect(missing).toEqual(["tasks"]);
    expect(Object.keys(parts)).toEqual(["account", "history", "notifications"]);
    await expect(page.getByRole("alert")).toContainText(t.ownData.partly(t.ownData.part.tasks));
    await clean(page, "own data, partly");
  });

  await test.step("fetched again, it is whole", async () => {
    const file = await saved(t.ownData.again);
    expect([file.person, file.missing]).toEqual([person.email, []]);
    expect(Object.keys(file.parts)).toEqual(["account", "tasks", "history", "notifications"]);
    expect(JSON.stringify(file.parts["account"])).toContain("Sefa Secure");
    expect(JSON.stringify(file.parts["account"])).toContain(person.email);
    await expect(page.getByText(t.ownData.ready)).toBeVisible();
  });
});

test("an erased account opens nothing any more", async ({ page, browser }) => {
  const person = await newcomer();
  const other = await (await browser.newContext()).newPage();
  await signIn(other, person);
  await signIn(page, person);
  const t = await words(page);
  await page.goto("/settings/data");
  await page.getByRole("button", { name: t.ownData.eraseAction }).click();
  const certain = page.getByRole("alertdialog", { name: t.ownData.eraseTitle });
  await expect(certain.locator("[name=typed]")).toBeFocused();
  await certain.locator("[name=typed]").fill("somebody.else@example.com");
  await page.keyboard.press("Enter");
  await expect(certain.getByRole("alert")).toHaveText(t.ownData.eraseOther);
  await clean(page, "erasing");
  await certain.locator("[name=typed]").fill(person.email);
  await page.keyboard.press("Enter");
  const goodbye = page.getByRole("heading", { name: t.goodbye.erased });
  await proved(page, person.password, goodbye);
  await expect(goodbye).toBeFocused();
  await clean(page, "goodbye");

  await test.step("in every session, and for every sign-in", async () => {
    await other.goto("/boards");
    await expect(other).toHaveURL(/\/sign-in/);
    await firstStep(page, person);
    await expect(page.getByRole("alert")).toHaveText(t.auth.wrong);
  });
  await other.context().close();
});

test("the only admin of a workspace is told what to do first", async ({ page }) => {
  const { email, password } = demo().admin ?? { email: "", password: "" };
  await signIn(page, { email, password });
  const t = await words(page);
  await page.route("**/api/auth/me/erase", (route) =>
    route.fulfill({ status: 409, contentType: "application/problem+json", body: JSON.stringify({ status: 409, code: "conflict", title: "Conflict", state: "last_admin" }) }));
  await page.goto("/settings/data");
  await page.getByRole("button", { name: t.ownData.eraseAction }).click();
  await page.getByRole("alertdialog").locator("[name=typed]").fill(email);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alertdialog").getByRole("alert")).toHaveText(t.ownData.lastAdmin);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: t.ownData.eraseAction })).toBeFocused();
});
