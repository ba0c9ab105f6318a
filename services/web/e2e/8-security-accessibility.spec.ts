/** axe finds no serious or critical fault where passwords and codes are asked for, in light and dark. */
import { expect, test } from "@playwright/test";
import { clean } from "./axe";
import { demo } from "./demo";
import { firstStep, newcomer, openSecurity, PASSWORD, proved, wantProof } from "./identity";
import { signIn, words } from "./support";

test.skip(() => demo().admin === undefined, "the demo file names no admin");

test("before signing in", async ({ page }) => {
  const refused = { status: 401, code: "second_factor_required", title: "Code required", ticket: "t", methods: ["totp", "recovery_code"] };
  await page.route("**/api/auth/sign-in", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(refused) }));
  await firstStep(page, { email: "somebody@example.com", password: PASSWORD });
  const t = await words(page);
  await expect(page.locator("[name=code]")).toBeFocused();
  await clean(page, "code");
  await page.getByRole("button", { name: t.security.code.useRecovery }).click();
  await clean(page, "recovery code");

  await page.goto("/forgot");
  await page.locator("[name=email]").fill("nobody@example.com");
  await clean(page, "/forgot");
  await page.locator("button[type=submit]").click();
  await expect(page.getByRole("heading", { name: t.security.forgot.sentTitle })).toBeVisible();
  await clean(page, "/forgot, sent");
  await page.goto("/sign-in?note=reset");
  await expect(page.getByText(t.security.reset.done)).toBeVisible();
  await clean(page, "/sign-in with a note");
  await page.goto("/reset");
  await expect(page.getByRole("heading", { name: t.security.reset.unknown })).toBeVisible();
  await clean(page, "/reset without a token");
  await page.goto("/reset#token=nobody-sent-this");
  await expect(page.locator("[name=new_password]")).toBeVisible();
  await clean(page, "/reset");
  await page.goto("/verify#token=nobody-sent-this");
  await expect(page.getByRole("heading", { name: t.security.verify.unknown })).toBeVisible();
  await clean(page, "/verify");
});

test("on the page and in its dialogs", async ({ page }) => {
  const person = await newcomer();
  await page.route("**/api/auth/refresh", async (route) => {
    const answer = await route.fetch();
    const session = (await answer.json()) as { person: object };
    await route.fulfill({ response: answer, json: { ...session, person: { ...session.person, email_verified: false } } });
  });
  await signIn(page, person);
  const t = await words(page);
  const { mfa } = t.security;
  await openSecurity(page);
  await expect(page.getByRole("complementary", { name: t.security.banner.label })).toBeVisible();
  await clean(page, "security");

  await wantProof(page, "**/api/auth/password");
  await page.locator("[name=new_password]").fill("quite another phrase 43");
  await page.getByRole("button", { name: t.security.password.change }).click();
  await expect(page.getByRole("dialog", { name: t.security.stepUp.title })).toBeVisible();
  await clean(page, "proof by password");
  await page.keyboard.press("Escape");

  await wantProof(page, "**/api/auth/mfa/totp", ["totp", "recovery_code"]);
  await page.getByRole("button", { name: mfa.setUp }).click();
  await expect(page.getByRole("dialog", { name: t.security.stepUp.title })).toBeVisible();
  await clean(page, "proof by code");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: mfa.setUp }).click();
  const setup = page.getByRole("dialog", { name: mfa.setUpTitle });
  await proved(page, person.password, setup);
  await clean(page, "setup");
  const codes = Array.from({ length: 10 }, (_, i) => `ABCD${i}-FGHI${i}`);
  await page.route("**/api/auth/mfa/totp/confirm", (route) => route.fulfill({ json: { recovery_codes: codes } }));
  await setup.locator("[name=code]").fill("123456");
  await expect(page.locator(".codes li")).toHaveCount(10);
  await clean(page, "recovery codes");
});

test("on a phone", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await signIn(page, await newcomer("ko"));
  await openSecurity(page);
  await clean(page, "security on a phone");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await context.close();
});
