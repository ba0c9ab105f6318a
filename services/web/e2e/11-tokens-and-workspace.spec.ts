/** API tokens and service accounts, and what an admin decides for a whole workspace. Everybody here was made for the test. */
import { expect, test, type APIRequestContext, type Page } from "@playwright/test";
import { clean } from "./axe";
import { address, founder, join } from "./founder";
import { Authenticator, PASSWORD, proved } from "./identity";
import { Device } from "./passkey";
import { signIn, unique, words } from "./support";

const toast = (page: Page, text: string) => page.locator(".toast", { hasText: text });

/** What an API token gives: a short-lived access token, or the status of the refusal. */
async function exchange(request: APIRequestContext, token: string): Promise<{ status: number; access: string; scope: string }> {
  const form = { grant_type: "urn:ietf:params:oauth:grant-type:token-exchange", subject_token: token, subject_token_type: "urn:onus:token-type:api_token" };
  const answer = await request.post("/api/auth/token", { form });
  if (!answer.ok()) return { status: answer.status(), access: "", scope: "" };
  const { access_token, scope } = (await answer.json()) as { access_token: string; scope: string };
  return { status: answer.status(), access: access_token, scope };
}

/** Reads the token off the screen, where it is shown this once, and says that it is kept. */
async function take(page: Page, prefix: string): Promise<string> {
  const t = await words(page);
  const shown = page.getByRole("alertdialog", { name: t.tokens.shownTitle });
  await proved(page, PASSWORD, shown);
  const token = (await shown.getByTestId("api-token").textContent()) ?? "";
  expect(token).toMatch(new RegExp(`^${prefix}`));
  await clean(page, "a token, shown once");
  // Neither Escape nor the button closes it before it is kept.
  await page.keyboard.press("Escape");
  await shown.getByRole("button", { name: t.tokens.done }).click();
  await expect(shown).toBeVisible();
  await shown.getByRole("checkbox", { name: t.tokens.kept }).check();
  await shown.getByRole("button", { name: t.tokens.done }).click();
  await expect(shown).toHaveCount(0);
  return token;
}

test("a token reads, does not write, and is over when it is revoked", async ({ page, request }) => {
  const own = await founder("Tokens");
  const board = unique("By token");
  await own.api.post("/api/boards", { name: board });
  await signIn(page, own);
  const t = await words(page);
  await page.goto("/settings/security");
  await page.getByRole("button", { name: t.tokens.create }).click();
  const dialog = page.getByRole("dialog", { name: t.tokens.createTitle });
  await expect(dialog.locator("[name=name]")).toBeFocused();
  await clean(page, "a new token");
  await dialog.locator("[name=name]").fill("Nightly report");

  await test.step("without a scope it is none", async () => {
    await dialog.getByRole("checkbox", { name: t.tokens.scope.read, exact: true }).uncheck();
    await dialog.getByRole("button", { name: t.action.create }).click();
    await expect(dialog.getByRole("alert")).toHaveText(t.tokens.noScope);
    await dialog.getByRole("checkbox", { name: t.tokens.scope.read, exact: true }).check();
  });
  await dialog.locator("[name=lifetime]").selectOption("7");
  await dialog.getByRole("button", { name: t.action.create }).click();
  const token = await take(page, "onus_pat_");
  const line = page.locator(".token", { hasText: "Nightly report" });
  await expect(line).toContainText(token.slice(-4));
  await expect(line).toContainText(t.tokens.unused);
  await page.reload();
  await expect(line).toBeVisible();
  expect(await page.content()).not.toContain(token);

  const { status, access, scope } = await exchange(request, token);
  expect([status, scope]).toEqual([200, "read"]);
  const headers = { Authorization: `Bearer ${access}` };
  await test.step("it reads", async () => {
    const answer = await request.get("/api/boards", { headers });
    expect(answer.status()).toBe(200);
    expect(await answer.text()).toContain(board);
  });
  await test.step("it does not write, nor reach the account", async () => {
    expect((await request.post("/api/boards", { headers, data: { name: unique("Never") } })).status()).toBe(403);
    expect((await request.get("/api/auth/tokens", { headers })).status()).toBe(403);
  });
  await test.step("its use is seen, and it is revoked", async () => {
    await page.reload();
    await expect(line).not.toContainText(t.tokens.unused);
    await line.getByRole("button", { name: t.tokens.revokeOf("Nightly report") }).click();
    await clean(page, "revoking");
    await page.getByRole("alertdialog").getByRole("button", { name: t.tokens.revoke }).click();
    await proved(page, PASSWORD, toast(page, t.tokens.revoked("Nightly report")));
    await expect(line).toHaveCount(0);
  });
  expect([400, 401]).toContain((await exchange(request, token)).status);
});

test("a service account works for the workspace, and is seen among its people", async ({ page, request }) => {
  const own = await founder("Machines");
  await signIn(page, own);
  const t = await words(page);
  await page.goto("/settings/workspace");
  await page.getByRole("button", { name: t.services.create }).click();
  const dialog = page.getByRole("dialog", { name: t.services.create });
  await dialog.locator("[name=name]").fill("Build server");
  await dialog.getByLabel(t.people.role).selectOption("supervisor");
  await clean(page, "a new service account");
  await dialog.getByRole("button", { name: t.action.create }).click();
  const account = page.locator(".service", { hasText: "Build server" });
  await proved(page, PASSWORD, account);
  await expect(account).toContainText(t.services.noTokens);

  await account.getByRole("button", { name: t.services.newTokenFor("Build server") }).click();
  const token = page.getByRole("dialog", { name: t.services.newTokenFor("Build server") });
  await token.locator("[name=name]").fill("Pipeline");
  await token.getByRole("checkbox", { name: t.tokens.scope["tasks:write"], exact: true }).check();
  await token.getByRole("button", { name: t.action.create }).click();
  const secret = await take(page, "onus_sat_");
  const { access } = await exchange(request, secret);
  const name = unique("Built");
  expect((await request.post("/api/boards", { headers: { Authorization: `Bearer ${access}` }, data: { name } })).status()).toBe(201);
  await page.goto("/boards");
  await expect(page.getByText(name)).toBeVisible();

  await page.goto("/people");
  const row = page.locator(".row", { hasText: "Build server" });
  await expect(row).toContainText(t.services.mark);
  await expect(row.getByRole("button")).toHaveCount(0);
  await clean(page, "people with a service account");

  await page.goto("/settings/workspace");
  await clean(page, "workspace with a service account");
  await page.getByRole("button", { name: t.services.remove("Build server") }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: t.services.removeAction }).click();
  await proved(page, PASSWORD, toast(page, t.services.removed("Build server")));
  await expect(account).toHaveCount(0);
  expect([400, 401]).toContain((await exchange(request, secret)).status);
});

test("a workspace gets another name, a required second step, and an end", async ({ page, browser }) => {
  // A code of the app counts once; the test may wait for the next one.
  test.setTimeout(180_000);
  const [own, guest] = [await founder("Strict"), { email: address("guest"), password: PASSWORD }];
  await join(own, guest, "pic");
  await signIn(page, own);
  const t = await words(page);
  const said = t.workspaceSettings;
  await page.goto("/settings/workspace");
  await expect(page.locator("[name=name]")).toHaveValue(own.workspace);
  await clean(page, "workspace settings");

  const name = unique("Renamed");
  await test.step("another name", async () => {
    await page.locator("[name=name]").fill(name);
    await page.getByRole("button", { name: t.action.save }).click();
    await proved(page, PASSWORD, toast(page, said.saved));
    await expect(page.locator(".brand-workspace")).toHaveText(name);
  });

  const theirs = await (await browser.newContext()).newPage();
  await signIn(theirs, guest);
  const read = await words(theirs);
  await test.step("others only read it", async () => {
    await theirs.goto("/settings/workspace");
    await expect(theirs.getByText(read.workspaceSettings.readOnly)).toBeVisible();
    await expect(theirs.locator("main").getByText(name)).toBeVisible();
    await expect(theirs.locator("main").getByRole("button")).toHaveCount(0);
    await clean(theirs, "workspace settings, to read");
  });

  const require = async () => {
    await page.getByRole("button", { name: said.require }).click();
    const certain = page.getByRole("alertdialog", { name: said.requireTitle });
    await certain.getByRole("button", { name: said.require }).click();
  };
  await test.step("one's own second step comes first", async () => {
    await require();
    const first = page.getByRole("alert").filter({ hasText: said.ownFirst });
    await proved(page, PASSWORD, first);
    await clean(page, "one's own first");
    await first.getByRole("link", { name: said.ownFirstLink }).click();
  });
  await Device.of(page);
  await test.step("a passkey is one", async () => {
    await page.getByRole("button", { name: t.passkeys.add }).click();
    await page.getByRole("dialog", { name: t.passkeys.addTitle }).locator("[name=name]").press("Enter");
    const codes = page.getByRole("alertdialog", { name: t.security.mfa.codesTitle });
    await proved(page, PASSWORD, codes);
    await codes.getByRole("checkbox", { name: t.security.mfa.kept }).check();
    await codes.getByRole("button", { name: t.security.mfa.done }).click();
    await expect(page.locator(".passkey")).toHaveCount(1);
  });
  await test.step("then it is required", async () => {
    await page.goto("/settings/workspace");
    await require();
    await expect(toast(page, said.required)).toBeVisible();
    await expect(page.getByText(said.secondOn, { exact: true })).toBeVisible();
  });

  await test.step("whoever has none stands at the gate, on every page", async () => {
    const gate = theirs.getByRole("heading", { level: 1, name: read.gate.title(name) });
    await theirs.goto("/people");
    await expect(gate).toBeFocused();
    await expect(theirs.locator("header.top")).toHaveCount(0);
    await clean(theirs, "gate");
    await theirs.setViewportSize({ width: 390, height: 844 });
    await clean(theirs, "gate on a phone");
    expect(await theirs.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

    await theirs.getByRole("button", { name: read.gate.setUpApp }).click();
    const setup = theirs.getByRole("dialog", { name: read.security.mfa.setUpTitle });
    await proved(theirs, PASSWORD, setup);
    const app = new Authenticator((await setup.getByTestId("totp-secret").textContent()) ?? "");
    await setup.locator("[name=code]").fill(await app.code());
    const codes = theirs.getByRole("alertdialog", { name: read.security.mfa.codesTitle });
    await codes.getByRole("checkbox", { name: read.security.mfa.kept }).check();
    await codes.getByRole("button", { name: read.security.mfa.done }).click();
    await expect(theirs.locator("header.top")).toBeVisible();
    await expect(theirs.locator(".row", { hasText: "Fay Founder" })).toBeVisible();
  });

  await test.step("deleted, it is gone for everyone", async () => {
    await page.getByRole("button", { name: said.removeAction }).click();
    const certain = page.getByRole("alertdialog", { name: said.removeTitle(name) });
    await certain.locator("[name=typed]").fill("Something else");
    await page.keyboard.press("Enter");
    await expect(certain.getByRole("alert")).toHaveText(said.removeOther);
    await clean(page, "deleting a workspace");
    await certain.locator("[name=typed]").fill(name);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: t.goodbye.deleted(name) })).toBeFocused();
    await clean(page, "a deleted workspace");
    await theirs.goto("/boards");
    await expect(theirs).toHaveURL(/\/sign-in/);
  });
  await theirs.context().close();
});
