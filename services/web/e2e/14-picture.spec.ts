/** What people look like: a photograph of their own in place of initials, seen by their colleagues, and taken away again. */
import { expect, test } from "@playwright/test";
import { clean } from "./axe";
import { demo } from "./demo";
import { newcomer } from "./identity";
import { signIn, words } from "./support";

/** Any picture will do; this one is at hand, and larger than what is kept of it. */
const PHOTOGRAPH = "screenshots/phone.png";

test.beforeEach(() => test.skip(demo().admin === undefined, "the demo file names no admin"));

test("a photograph takes the place of initials, for colleagues too", async ({ page, browser }) => {
  const person = await newcomer();
  await signIn(page, person);
  await page.goto("/settings");
  const t = await words(page);
  const own = page.locator(".account .avatar");
  await expect(own).toHaveText("SS");

  await test.step("what is no picture is refused before it is sent", async () => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: t.settings.pictureAdd }).click();
    await (await chooser).setFiles({ name: "letter.png", mimeType: "image/png", buffer: Buffer.from("Dear all,") });
    await expect(page.locator(".toast", { hasText: t.settings.pictureUnfit })).toBeVisible();
  });

  await test.step("the middle of a photograph is taken", async () => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: t.settings.pictureAdd }).click();
    await (await chooser).setFiles(PHOTOGRAPH);
    const picture = own.locator("img");
    await expect(picture).toBeVisible();
    expect(await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([256, 256]);
    await expect(page.getByRole("button", { name: t.settings.pictureChange })).toBeVisible();
    await clean(page, "settings with a picture");
  });

  await test.step("a colleague sees it", async () => {
    const context = await browser.newContext();
    const colleague = await context.newPage();
    await signIn(colleague, demo().supervisor);
    await colleague.goto("/people");
    await expect(colleague.locator(".row", { hasText: person.email }).locator(".avatar img")).toBeVisible();
    await context.close();
  });

  await test.step("and it can be taken away", async () => {
    await page.getByRole("button", { name: t.settings.pictureRemove }).click();
    await expect(own.locator("img")).toBeHidden();
    await expect(own).toHaveText("SS");
    await page.reload();
    await expect(own).toHaveText("SS");
    await expect(page.getByRole("button", { name: t.settings.pictureAdd })).toBeVisible();
  });
});
