/** The same way without ever touching the mouse. */
import { expect, test } from "@playwright/test";
import { demo } from "./demo";
import { Api, card, lane, newBoard, tabTo, unique, words } from "./support";

test("create, assign, move and look it up by keyboard only", async ({ page }) => {
  const supervisor = await Api.signIn(demo().supervisor);
  const pic = await Api.signIn(demo().pic);
  const board = await newBoard(supervisor, "Keys");
  const title = unique("Frame the prints");
  await supervisor.post(`/api/boards/${board.id}/tasks`, { title: "Another one", column_id: board.columns[0]?.id });
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const said = (text: string) => expect(page.getByTestId("announcer").filter({ hasText: text })).toHaveCount(1);

  await test.step("sign in", async () => {
    await page.goto("/sign-in");
    await expect(page.locator("[name=email]")).toBeFocused();
    await page.keyboard.type(demo().supervisor.email);
    await press("Tab");
    await page.keyboard.type(demo().supervisor.password);
    await press("Enter");
    await expect(page.locator(".tile").first()).toBeVisible();
  });
  const t = await words(page);

  await test.step("find the board", async () => {
    await press("Tab");
    await tabTo(page, page.getByRole("link", { name: board.name }), 200);
    await press("Enter");
    await expect(page.getByRole("heading", { name: board.name })).toBeVisible();
    await expect(card(page, "Another one")).toBeVisible();
  });

  await test.step("create and assign", async () => {
    await press("n");
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByLabel(t.task.title)).toBeFocused();
    await page.keyboard.type(title);
    await tabTo(page, dialog.getByRole("button", { name: t.task.pic }));
    await press("Space");
    const option = page.getByRole("option", { name: pic.person.name });
    await expect(option).toBeVisible();
    for (let i = 0; i < 50 && !(await option.evaluate((element) => element === document.activeElement)); i++) await press("ArrowDown");
    await press("Enter");
    await expect(dialog.getByRole("button", { name: t.task.pic })).toContainText(pic.person.name);
    await tabTo(page, dialog.getByRole("button", { name: t.action.create }));
    await press("Enter");
    await expect(dialog).toHaveCount(0);
    await expect(card(lane(page, "Open"), title)).toContainText(pic.person.name);
  });

  await test.step("walk to it, carry it, put it back", async () => {
    await tabTo(page, card(page, "Another one"), 100);
    await press("ArrowDown");
    await expect(card(page, title)).toBeFocused();
    await press("Space");
    await said(t.board.grabbed(title, "Open", 2, 2));
    await press("ArrowRight");
    await expect(card(lane(page, "Working"), title)).toBeFocused();
    await said(t.board.at("Working", 1, 1));
    await press("Escape");
    await said(t.board.dropCancelled(title));
    await expect(card(lane(page, "Open"), title)).toBeFocused();
  });

  await test.step("carry it for good", async () => {
    await press("m", "ArrowRight");
    await expect(card(lane(page, "Working"), title)).toBeFocused();
    await press("Enter");
    await said(t.board.dropped(title, "Working", 1));
    await expect(card(lane(page, "Working"), title)).toBeFocused();
    await expect.poll(async () => (await supervisor.get<{ cards: { title: string; column_id: string }[] }>(`/api/boards/${board.id}`)).cards.find((each) => each.title === title)?.column_id)
      .toBe(board.columns.find((column) => column.name === "Working")?.id);
  });

  await test.step("history", async () => {
    await press("Enter");
    await expect(page.getByRole("dialog", { name: title })).toBeFocused();
    await tabTo(page, page.getByRole("tab", { name: t.task.comments }), 100);
    await press("ArrowRight");
    const change = page.locator(".entry .change").filter({ hasText: "Open" }).filter({ hasText: "Working" });
    await expect(change.first()).toBeVisible();
    await press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(card(page, title)).toBeFocused();
  });

  await test.step("mail", async () => {
    await press("g", "m");
    await expect(page).toHaveURL(/\/mailbox/);
    const mail = page.locator("a.notice", { hasText: title }).first();
    await expect(mail).toBeVisible();
    await tabTo(page, mail, 200);
    await press("Enter");
    await expect(page.frameLocator(".mail-frame").getByText(title).first()).toBeVisible();
  });
});

test("the keys explain themselves, and can be switched off", async ({ page }) => {
  await page.goto("/sign-in");
  await page.locator("[name=email]").fill(demo().supervisor.email);
  await page.locator("[name=password]").fill(demo().supervisor.password);
  await page.keyboard.press("Enter");
  await expect(page.locator(".page-head")).toBeVisible();
  const t = await words(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: t.help.title })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByLabel(t.settings.shortcuts).uncheck();
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/\/settings/);
});

test("the first Tab leads past the navigation", async ({ page }) => {
  await page.goto("/sign-in");
  await page.locator("[name=email]").fill(demo().supervisor.email);
  await page.locator("[name=password]").fill(demo().supervisor.password);
  await page.keyboard.press("Enter");
  await expect(page.locator(".page-head")).toBeVisible();
  await page.reload();
  await expect(page.locator(".page-head")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.locator(".skip")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});
