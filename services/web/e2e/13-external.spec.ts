/** Signing in by a provider: first by proof of both, then at once. The provider is started here, see provider.ts. */
import type { Server } from "node:http";
import { expect, test, type Page } from "@playwright/test";
import { clean } from "./axe";
import { demo } from "./demo";
import { newcomer, openSecurity, proved, signOut } from "./identity";
import { agree, cancel, ISSUER, PROVIDER, startProvider, stopProvider } from "./provider";
import { unique, words } from "./support";

let provider: Server | undefined;
let offered: { id: string; name: string } | undefined;

test.beforeAll(async () => {
  // Before the backend first asks what the provider says about itself.
  provider = await startProvider();
  const options = (await (await fetch(`${demo().url}/api/auth/sign-in-options`)).json()) as { providers?: { id: string; name: string }[] };
  offered = options.providers?.find((each) => each.id === PROVIDER);
});
test.afterAll(() => stopProvider(provider));
test.beforeEach(() => {
  test.skip(offered === undefined || demo().admin === undefined, `the backend knows no provider "${PROVIDER}", or the demo file no admin`);
});

const toast = (page: Page, text: string) => page.locator(".toast", { hasText: text });
const byProvider = (page: Page) => page.locator(`a[href^="/api/auth/external/${PROVIDER}/start"]`);

test("an account is linked by proof of both, and then opened by the provider alone", async ({ page }) => {
  const person = await newcomer();
  await page.goto("/sign-in?next=/people");
  const t = await words(page);
  const name = offered?.name ?? "";

  await test.step("the address has an account: its owner signs in first", async () => {
    await byProvider(page).click();
    await agree(page, person.email);
    await expect(page.getByRole("heading", { name: t.external.fault.link_first })).toBeFocused();
    expect(new URL(page.url()).search).toBe("");
    await clean(page, "link first");
    await page.getByRole("link", { name: t.external.toLink }).click();
    await page.locator("[name=email]").fill(person.email);
    await page.locator("[name=password]").fill(person.password);
    await page.locator("button[type=submit]").click();
    await expect(page).toHaveURL(/\/settings\/security$/);
  });

  const identity = page.locator(".identity", { hasText: name });
  await test.step("and links it", async () => {
    await page.getByRole("button", { name: t.external.link(name) }).click();
    // Who signed in there a moment ago is not asked again.
    await proved(page, person.password, identity);
    await expect(toast(page, t.external.linkedPlain)).toBeVisible();
    await expect(identity).toContainText(person.email);
    await expect(page).toHaveURL(/\/settings\/security$/);
    await clean(page, "a linked account");
  });

  await signOut(page);
  await test.step("from then on it opens the account, and leads where one wanted to go", async () => {
    await page.goto("/sign-in?next=/people");
    await byProvider(page).click();
    await expect(page).toHaveURL(/\/people$/);
    await expect(page.locator("header.top")).toBeVisible();
    // The provider's picture was fetched when the account was linked.
    await expect(page.locator(".account .avatar img")).toBeVisible();
    await openSecurity(page);
    await expect(identity).toContainText(t.external.used("").trim());
  });

  await test.step("signing out tells the provider, where it wants to be told", async () => {
    await page.locator(".account").click();
    await page.getByRole("menuitem", { name: t.app.signOut }).click();
    await page.waitForURL(`${ISSUER}/session/end**`);
    await page.locator("button[type=submit][name=logout]").click();
    await expect(page).toHaveURL((url) => url.origin === new URL(demo().url).origin && url.pathname === "/sign-in");
    await page.goto("/boards");
    await expect(page).toHaveURL(/\/sign-in/);
  });

  await test.step("unlinked, it opens nothing", async () => {
    await page.locator("[name=email]").fill(person.email);
    await page.locator("[name=password]").fill(person.password);
    await page.locator("button[type=submit]").click();
    await expect(page.locator("header.top")).toBeVisible();
    await openSecurity(page);
    await page.getByRole("button", { name: t.external.unlinkOf(name) }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: t.external.unlink, exact: true }).click();
    await proved(page, person.password, toast(page, t.external.unlinked(name)));
    await expect(identity).toHaveCount(0);
  });
});

test("a cancelled sign-in, a stranger, and one that is over are told kindly", async ({ page }) => {
  await page.goto("/sign-in");
  const { external } = await words(page);
  await test.step("cancelled", async () => {
    await byProvider(page).click();
    await cancel(page);
    await expect(page.getByRole("heading", { name: external.fault.denied })).toBeFocused();
    await clean(page, "denied");
    await page.getByRole("link", { name: external.toSignIn }).click();
  });
  await test.step("a stranger", async () => {
    await byProvider(page).click();
    await agree(page, `${unique("stranger").replaceAll(" ", "-")}@nowhere.example`);
    await expect(page.getByRole("heading", { name: external.fault.no_account })).toBeFocused();
    await clean(page, "no account");
  });
  await test.step("over", async () => {
    await page.goto("/sign-in/external");
    await expect(page.getByRole("heading", { name: external.fault.over })).toBeFocused();
  });
});

test("only a path of this app is returned to", async ({ page }) => {
  for (const to of ["https://evil.example/", "//evil.example/", "/\\evil.example"]) {
    await page.goto(`/sign-in?next=${encodeURIComponent(to)}`);
    await expect(byProvider(page)).toHaveAttribute("href", `/api/auth/external/${PROVIDER}/start?return_to=%2Fboards`);
    const answer = await page.request.get(`/api/auth/external/${PROVIDER}/start?return_to=${encodeURIComponent(to)}`, { maxRedirects: 0 });
    // Refused, or begun with a harmless path in its place: never sent there.
    expect(answer.headers()["location"] ?? "").not.toContain("evil");
  }
});
