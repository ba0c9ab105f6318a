/** Passkeys: adding one, signing in with it in three ways, proving with it, taking it away. */
import { expect, test, type Page } from "@playwright/test";
import { clean } from "./axe";
import { demo } from "./demo";
import { firstStep, newcomer, openSecurity, proved, signOut, wantProof } from "./identity";
import { Device } from "./passkey";
import { signIn, words } from "./support";

test.skip(() => demo().admin === undefined, "the demo file names no admin");

const toast = (page: Page, text: string) => page.locator(".toast", { hasText: text });
const here = (page: Page) => expect(page.locator("header.top")).toBeVisible();

/** Adds one from the security page, and gives the codes that came with it. */
async function add(page: Page, name: string, password: string): Promise<string[]> {
  const t = await words(page);
  await page.getByRole("button", { name: t.passkeys.add }).click();
  const dialog = page.getByRole("dialog", { name: t.passkeys.addTitle });
  // What the browser is called on this computer.
  await expect(dialog.locator("[name=name]")).toHaveValue(/Chrome/);
  await dialog.locator("[name=name]").fill(name);
  await clean(page, "a new passkey");
  await page.keyboard.press("Enter");
  const codes = page.getByRole("alertdialog", { name: t.security.mfa.codesTitle });
  await proved(page, password, codes);
  const shown = await codes.locator(".codes li").allTextContents();
  expect(shown).toHaveLength(10);
  await clean(page, "recovery codes of a passkey");
  await codes.getByRole("checkbox", { name: t.security.mfa.kept }).check();
  await codes.getByRole("button", { name: t.security.mfa.done }).click();
  await expect(toast(page, t.passkeys.added(name))).toBeVisible();
  await expect(page.locator(".passkey", { hasText: name })).toContainText(t.passkeys.unused);
  return shown;
}

test("a passkey is added, signs in, is a second step and a proof, and is removed", async ({ page }) => {
  const person = await newcomer();
  const device = await Device.of(page);
  await signIn(page, person);
  const t = await words(page);
  await openSecurity(page);
  const codes = await test.step("added, with recovery codes", () => add(page, "Test key", person.password));
  expect(await device.count()).toBe(1);
  await clean(page, "security with a passkey");

  await device.rest();
  await signOut(page);
  await test.step("signs in by the button", async () => {
    const button = page.getByRole("button", { name: t.passkeys.signIn });
    await expect(button).toBeVisible();
    await clean(page, "sign-in with a passkey");
    await device.touch();
    await button.click();
    await here(page);
  });

  await test.step("signs in from the field, with nothing else to do", async () => {
    await device.rest();
    await signOut(page);
    await device.touch();
    await page.goto("/sign-in");
    await here(page);
    await openSecurity(page);
    await expect(page.locator(".passkey")).not.toContainText(t.passkeys.unused);
  });

  await device.rest();
  await signOut(page);
  await test.step("is the second step after the password", async () => {
    await firstStep(page, person);
    const use = page.getByRole("button", { name: t.passkeys.use });
    await expect(use).toBeFocused();
    await clean(page, "second step by passkey");
    await device.touch();
    await page.keyboard.press("Enter");
    await here(page);
  });

  await device.rest();
  await signOut(page);
  await test.step("a recovery code does instead", async () => {
    await firstStep(page, person);
    await page.getByRole("button", { name: t.security.code.useRecovery }).click();
    await page.locator("[name=recovery_code]").fill(codes[0] ?? "");
    await page.keyboard.press("Enter");
    await here(page);
  });

  await device.touch();
  await openSecurity(page);
  await test.step("proves who one is, and is removed with that proof", async () => {
    await wantProof(page, /\/api\/auth\/mfa\/passkeys\/[^/]+$/, ["passkey", "recovery_code"]);
    await page.getByRole("button", { name: t.passkeys.remove("Test key") }).click();
    const certain = page.getByRole("alertdialog", { name: t.passkeys.removeTitle("Test key") });
    await clean(page, "removing a passkey");
    await certain.getByRole("button", { name: t.action.remove }).click();
    const question = page.getByRole("dialog", { name: t.security.stepUp.title });
    await expect(question.getByRole("button", { name: t.passkeys.use })).toBeFocused();
    await clean(page, "proof by passkey");
    await page.keyboard.press("Enter");
    await expect(toast(page, t.passkeys.removed("Test key"))).toBeVisible();
    await expect(page.locator(".passkey")).toHaveCount(0);
    await expect(page.getByRole("heading", { name: t.passkeys.recovery })).toHaveCount(0);
  });

  await test.step("a removed one opens nothing, and the password alone does again", async () => {
    await device.rest();
    await signOut(page);
    await device.touch();
    await page.getByRole("button", { name: t.passkeys.signIn }).click();
    await expect(page.getByRole("alert")).toHaveText(t.passkeys.unknown);
    await device.forget();
    await signIn(page, person);
  });
});

test("nothing happens when the device refuses, or the dialog is left", async ({ page }) => {
  const person = await newcomer();
  const device = await Device.of(page);
  await signIn(page, person);
  const t = await words(page);
  await openSecurity(page);
  await device.verify(false);
  await page.getByRole("button", { name: t.passkeys.add }).click();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: t.passkeys.addTitle });
  await proved(page, person.password, dialog.getByRole("alert"));
  await expect(dialog.getByRole("alert")).toHaveText(t.passkeys.cancelled);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: t.passkeys.add })).toBeFocused();
  await expect(page.locator(".passkey")).toHaveCount(0);
  expect(await device.count()).toBe(0);
});

test("on a phone, in Korean, everything fits", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "ko-KR" });
  const page = await context.newPage();
  const person = await newcomer("ko");
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: (await words(page)).passkeys.signIn })).toBeVisible();
  await clean(page, "sign-in on a phone");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const device = await Device.of(page);
  await signIn(page, person);
  await openSecurity(page);
  await add(page, "휴대전화", person.password);
  expect(await device.count()).toBe(1);
  await clean(page, "security with a passkey on a phone");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await context.close();
});
