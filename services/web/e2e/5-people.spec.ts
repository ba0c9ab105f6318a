/** From nothing to two people: sign up, invite, join by the mailed link, change a role, sign out. */
import { expect, test, type Page } from "@playwright/test";
import { housekeeper, mailedLink as fetchLink, PASSWORD as password, proved } from "./identity";
import { unique, words } from "./support";

async function signUp(page: Page): Promise<string> {
  const email = `${unique("admin").replaceAll(" ", "-")}@example.com`;
  await page.goto("/sign-up");
  const t = await words(page);
  await page.locator("[name=email]").fill(email);
  await page.locator("button[type=submit]").click();
  await expect(page.getByText(t.auth.linkSent(email))).toBeVisible();
  await page.goto(await fetchLink(await housekeeper(), email, "/sign-up"));
  await page.locator("[name=workspace_name]").fill(unique("Workspace"));
  await page.locator("[name=name]").fill("Ada Admin");
  await page.locator("[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await expect(page.locator("header.top")).toBeVisible();
  return email;
}

/** The link in the invitation, as its reader would find it: in the mail. */
async function mailedLink(page: Page, address: string): Promise<string> {
  const t = await words(page);
  await page.goto("/mailbox");
  await page.locator("a.notice", { hasText: address }).first().click();
  await page.getByRole("button", { name: t.mailbox.plain }).click();
  const text = (await page.locator(".mail-text").textContent()) ?? "";
  const link = /https?:\/\/\S+\/join#\S+/.exec(text)?.[0];
  if (!link) throw new Error(`no link in: ${text}`);
  return new URL(link).pathname + new URL(link).hash;
}

test("sign up, invite, join, change a role, sign out", async ({ page, browser }) => {
  const email = await signUp(page);
  const t = await words(page);
  const guest = `${unique("guest").replaceAll(" ", "-")}@example.com`;

  await test.step("invite", async () => {
    await page.goto("/people");
    await page.getByRole("button", { name: t.people.invite }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(t.auth.email).fill(guest);
    await dialog.getByLabel(t.people.role, { exact: true }).selectOption("pic");
    await dialog.getByRole("button", { name: t.people.send }).click();
    await expect(page.locator(".row", { hasText: guest })).toBeVisible();
  });
  const link = await mailedLink(page, guest);

  const second = await (await browser.newContext()).newPage();
  await test.step("join", async () => {
    await second.goto(link);
    await expect(second.getByText(guest)).toBeVisible();
    await second.locator("[name=name]").fill("Piet Pic");
    await second.locator("[name=password]").fill(password);
    await second.locator("button[type=submit]").click();
    await expect(second.locator("header.top")).toBeVisible();
    await second.goto("/people");
    await expect(second.locator(".row", { hasText: "Ada Admin" })).toBeVisible();
  });

  await test.step("an invitation opens one door once", async () => {
    const third = await (await browser.newContext()).newPage();
    await third.goto(link);
    await expect(third.getByText((await words(third)).auth.badInvitation)).toBeVisible();
    await third.context().close();
  });

  await test.step("change the role", async () => {
    await page.goto("/people");
    const row = page.locator(".row", { hasText: "Piet Pic" });
    await row.getByRole("button", { name: t.people.roleOf("Piet Pic") }).click();
    await page.getByRole("option", { name: t.role.supervisor }).click();
    await proved(page, password, page.locator(".toast", { hasText: t.people.roleSet("Piet Pic", t.role.supervisor) }));
    await expect(row.getByRole("button", { name: t.people.roleOf("Piet Pic") })).toContainText(t.role.supervisor);
    await second.goto("/boards");
    await expect(second.getByRole("button", { name: (await words(second)).boards.create })).toBeVisible();
  });

  await test.step("remove, and sign out", async () => {
    await page.getByRole("button", { name: t.people.remove("Piet Pic") }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: t.action.remove }).click();
    await proved(page, password, page.locator(".toast", { hasText: t.people.removed("Piet Pic") }));
    await expect(page.locator(".row", { hasText: "Piet Pic" })).toHaveCount(0);
    await page.locator(".account").click();
    await page.getByRole("menuitem", { name: t.app.signOut }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto("/boards");
    await expect(page).toHaveURL(/\/sign-in/);
  });

  await test.step("a wrong password says nothing about the address", async () => {
    await page.locator("[name=email]").fill(email);
    await page.locator("[name=password]").fill("not the right phrase");
    await page.locator("button[type=submit]").click();
    await expect(page.getByRole("alert")).toHaveText((await words(page)).auth.wrong);
  });
  await second.context().close();
});
