/** Belonging to two workspaces, and the log of who signed in where. Everybody here was made for the test. */
import { expect, test, type Page } from "@playwright/test";
import { clean } from "./axe";
import type { Credentials } from "./demo";
import { address, founder, join } from "./founder";
import { PASSWORD, proved } from "./identity";
import { signIn, unique, words } from "./support";

async function openAccount(page: Page): Promise<void> {
  await page.locator(".account").click();
  await expect(page.getByRole("menu")).toBeVisible();
}

const present = (page: Page) => page.locator(".brand-workspace");
const workspace = (page: Page, name: string) => page.getByRole("menuitemradio", { name });

/** Signs in, and sees to it that it is in this workspace: which one comes first is the service's to say. */
async function signInTo(page: Page, who: Credentials, name: string): Promise<void> {
  await signIn(page, who);
  if ((await present(page).textContent()) === name) return;
  await openAccount(page);
  await workspace(page, name).click();
  await expect(present(page)).toHaveText(name);
}

test("one goes from workspace to workspace, and every tab goes along", async ({ page, context }) => {
  const [own, host] = [await founder("Own"), await founder("Host")];
  await join(host, own, "observer");
  const board = unique("Only here");
  await own.api.post("/api/boards", { name: board });
  await signInTo(page, own, own.workspace);
  const t = await words(page);
  await page.goto("/boards");
  await expect(page.getByText(board)).toBeVisible();
  const other = await context.newPage();
  await other.goto("/people");
  await expect(other.locator(".row")).toHaveCount(1);

  await test.step("the menu says where one is", async () => {
    await page.goto("/people");
    await openAccount(page);
    await expect(page.getByRole("menuitemradio")).toHaveCount(2);
    await expect(workspace(page, own.workspace)).toHaveAttribute("aria-checked", "true");
    await expect(workspace(page, own.workspace)).toBeFocused();
    await expect(workspace(page, host.workspace)).toHaveAttribute("aria-checked", "false");
    await clean(page, "menu of workspaces");
  });

  await test.step("by keyboard to the boards of the other one", async () => {
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(present(page)).toHaveText(host.workspace);
    await expect(page).toHaveURL(/\/boards$/);
    await expect(page.getByRole("heading", { level: 1, name: t.boards.title })).toBeVisible();
    await expect(page.getByText(board)).toHaveCount(0);
    // An observer there, an admin here.
    await expect(page.getByRole("button", { name: t.boards.create })).toHaveCount(0);
  });

  await test.step("the other tab has left the page it showed", async () => {
    await expect(present(other)).toHaveText(host.workspace);
    await expect(other).toHaveURL(/\/boards$/);
    await other.reload();
    await expect(present(other)).toHaveText(host.workspace);
  });

  await test.step("and back, from the other tab", async () => {
    await openAccount(other);
    await workspace(other, own.workspace).click();
    await expect(other.getByText(board)).toBeVisible();
    await expect(present(page)).toHaveText(own.workspace);
    await expect(page.getByText(board)).toBeVisible();
  });

  await test.step("a refused move leaves everything as it is", async () => {
    await page.goto("/people");
    await page.route("**/api/auth/workspaces/*/switch", (route) =>
      route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ status: 503, code: "unavailable", title: "Unavailable" }) }), { times: 1 });
    await openAccount(page);
    await workspace(page, host.workspace).click();
    await expect(page.locator(".toast", { hasText: t.error.unavailable })).toBeVisible();
    await expect(page).toHaveURL(/\/people$/);
    await expect(present(page)).toHaveText(own.workspace);
  });
});

test("a new workspace is begun, or it is said that this is closed", async ({ page }) => {
  const own = await founder("First");
  await signIn(page, own);
  const t = await words(page);
  const ask = async (name: string) => {
    await openAccount(page);
    await page.getByRole("menuitem", { name: t.workspaces.new }).click();
    await page.getByRole("dialog").locator("[name=name]").fill(name);
    await page.keyboard.press("Enter");
  };
  await page.route("**/api/auth/workspaces", (route) => (route.request().method() === "POST"
    ? route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify({ status: 403, code: "forbidden", title: "Closed" }) })
    : route.fallback()));
  await ask("Never begun");
  await expect(page.getByRole("alert")).toContainText(t.workspaces.closed);
  await clean(page, "closed");
  await page.getByRole("dialog").getByRole("button", { name: t.action.close, exact: true }).last().click();
  await page.unroute("**/api/auth/workspaces");

  const second = unique("Second");
  await ask(second);
  await expect(present(page)).toHaveText(second);
  await expect(page.getByRole("button", { name: t.boards.create })).toBeVisible();
  await openAccount(page);
  await expect(workspace(page, own.workspace)).toBeVisible();
});

test("one leaves a workspace and goes on in another; its last admin does not", async ({ page }) => {
  const [own, host] = [await founder("Stays"), await founder("Left")];
  await join(host, own, "pic");
  await signInTo(page, own, host.workspace);
  const t = await words(page);
  const left = page.locator(".toast", { hasText: t.workspaces.left(host.workspace) });
  const ask = async (name: string) => {
    await page.goto("/settings");
    await page.getByRole("button", { name: t.workspaces.leave }).click();
    const question = page.getByRole("alertdialog", { name: t.workspaces.leaveTitle(name) });
    await expect(question).toBeVisible();
    return question;
  };

  const question = await ask(host.workspace);
  await expect(question).toContainText(t.workspaces.leaveNext(own.workspace));
  await clean(page, "leaving");
  await question.getByRole("button", { name: t.workspaces.leaveAction, exact: true }).click();
  await proved(page, PASSWORD, left);
  await expect(present(page)).toHaveText(own.workspace);
  await expect(page).toHaveURL(/\/boards$/);
  await openAccount(page);
  await expect(page.getByRole("menuitemradio")).toHaveCount(1);
  await page.keyboard.press("Escape");

  const last = await ask(own.workspace);
  await expect(last).toContainText(t.workspaces.leaveLast);
  await last.getByRole("button", { name: t.workspaces.leaveAction, exact: true }).click();
  await proved(page, PASSWORD, last.getByText(t.workspaces.lastAdmin));
  await page.keyboard.press("Escape");
  await expect(present(page)).toHaveText(own.workspace);
});

test("the security log shows who came in and who did not", async ({ page, browser }) => {
  const [own, guest] = [await founder("Watched"), { email: address("guest"), password: PASSWORD }];
  await join(own, guest, "observer");
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto("/sign-in");
  await stranger.locator("[name=email]").fill(guest.email);
  await stranger.locator("[name=password]").fill("not the right phrase");
  await stranger.locator("button[type=submit]").click();
  await expect(stranger.getByRole("alert")).toBeVisible();

  await signIn(page, own);
  const t = await words(page);
  const said = t.securityLog;
  await page.goto("/people");
  await page.getByRole("link", { name: said.title }).click();
  const refused = page.locator(".log-line", { hasText: said.line.sign_in_refused("Gil Guest") }).first();
  // The log follows what happens by a moment.
  await expect(async () => {
    await page.reload();
    await expect(refused).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await expect(refused).toContainText(said.refused);
  await expect(page.locator(".log-line", { hasText: said.line.signed_in("Fay Founder") }).first()).toBeVisible();
  await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
  await clean(page, "security log");

  await test.step("of one kind, also after a reload", async () => {
    await page.getByRole("button", { name: said.what }).click();
    await clean(page, "kinds");
    await page.getByRole("option", { name: said.kind.sign_in_refused }).click();
    await expect(page).toHaveURL(/kind=sign_in_refused/);
    await page.reload();
    await expect(refused).toBeVisible();
    await expect(page.locator(".log-line:not([data-check])")).toHaveCount(0);
  });

  await test.step("about one account, what was refused as well", async () => {
    await page.goto("/people/security");
    // The menu of the account has a name that begins alike.
    await page.getByRole("button", { name: said.who }).and(page.locator(".select-button")).click();
    await page.getByRole("option", { name: "Gil Guest" }).click();
    await expect(page).toHaveURL(/account=/);
    await expect(page.locator(".log-line", { hasText: said.line.signed_in("Fay Founder") })).toHaveCount(0);
    await expect(refused).toBeVisible();
  });

  await test.step("fits a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await clean(page, "security log on a phone");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  await test.step("only admins see it", async () => {
    await signIn(stranger, guest);
    const theirs = (await words(stranger)).securityLog;
    await stranger.goto("/people");
    await expect(stranger.locator(".row").first()).toBeVisible();
    await expect(stranger.getByRole("link", { name: theirs.title })).toHaveCount(0);
    await stranger.goto("/people/security");
    await expect(stranger.getByRole("heading", { name: theirs.onlyAdmins })).toBeVisible();
    await clean(stranger, "only admins");
  });
  await stranger.context().close();
});
