/** axe finds no serious or critical fault on any page, in light and dark. */
import { expect, test } from "@playwright/test";
import { clean } from "./axe";
import { demo } from "./demo";
import { Api, card, newBoard, openBoard, signIn, unique, words } from "./support";

test("before signing in", async ({ page }) => {
  for (const path of ["/sign-in", "/sign-up", "/join", "/forgot", "/reset", "/verify", "/sign-in/external?fault=denied", "/nowhere"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await clean(page, path);
  }
});

test("on every page", async ({ page }) => {
  await signIn(page, demo().supervisor);
  for (const path of ["/boards", "/people", "/inbox", "/mailbox", "/settings", "/settings/security", "/settings/workspace", "/settings/data"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator(".loading")).toHaveCount(0);
    await clean(page, path);
  }
  await page.goto("/mailbox");
  const mail = page.locator("a.notice").first();
  if (await mail.count()) {
    await mail.click();
    await expect(page.locator(".mail-frame")).toBeVisible();
    await clean(page, "a mail");
  }
});

test("on a board, in a task, in dialogs", async ({ page }) => {
  const api = await Api.signIn(demo().supervisor);
  const board = await newBoard(api, "Reach");
  const title = unique("Reachable");
  const body = { title, column_id: board.columns[0]?.id, priority: "urgent", labels: ["one", "two", "three"], deadline: "2020-01-01T00:00:00Z", pic_id: api.person.id, description: "# Text\n- [ ] box\n\n`code`" };
  const task = await api.post<{ id: string }>(`/api/boards/${board.id}/tasks`, body);
  await api.post(`/api/tasks/${task.id}/comments`, { body: "A comment" });
  await signIn(page, demo().supervisor);
  await openBoard(page, board);
  const t = await words(page);
  await expect(card(page, title)).toBeVisible();
  await clean(page, "board");

  await page.keyboard.press("n");
  await expect(page.getByRole("dialog")).toBeVisible();
  await clean(page, "new task");
  await page.getByRole("dialog").getByRole("button", { name: t.task.pic }).click();
  await expect(page.getByRole("listbox")).toBeVisible();
  await clean(page, "select");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: t.board.boardMenu }).press("Enter");
  await expect(page.getByRole("menuitem").first()).toBeFocused();
  await clean(page, "menu");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: t.board.boardMenu })).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: t.help.title })).toBeVisible();
  await clean(page, "help");
  await page.keyboard.press("Escape");

  await card(page, title).click();
  await expect(page.locator(".comment").first()).toBeVisible();
  await clean(page, "task");
  await page.getByRole("tab", { name: t.task.history }).click();
  await expect(page.locator(".entry").first()).toBeVisible();
  await clean(page, "history");
  await page.locator(".description").getByRole("button", { name: t.action.edit }).click();
  await clean(page, "writing");

  await page.getByRole("textbox", { name: t.task.description }).fill("Mine");
  const { version } = await api.get<{ version: number }>(`/api/tasks/${task.id}`);
  await api.patch(`/api/tasks/${task.id}`, version, { description: "Theirs" });
  await expect(page.locator(".note[data-tone=warn]")).toBeVisible();
  await page.locator(".writing").getByRole("button", { name: t.action.save }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await clean(page, "conflict");
});

test("on a phone", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  const api = await Api.signIn(demo().supervisor);
  const board = await newBoard(api, "Pocket");
  const title = unique("Small");
  await api.post(`/api/boards/${board.id}/tasks`, { title, column_id: board.columns[0]?.id });
  await signIn(page, demo().supervisor);
  await openBoard(page, board);
  await expect(card(page, title)).toBeVisible();
  await clean(page, "phone board");
  await card(page, title).tap();
  await expect(page.locator(".panel .facts")).toBeVisible();
  await clean(page, "phone task");
  await context.close();
});
