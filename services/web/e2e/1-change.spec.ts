/** One change goes all the way: from a supervisor's hand to the other screen, the log and the mailbox. */
import { expect, test } from "@playwright/test";
import { demo } from "./demo";
import { Api, card, drag, expectHistory, lane, newBoard, openBoard, signIn, unique, words } from "./support";

test("a supervisor's change reaches the person in charge, the log and the mailbox", async ({ page, browser }) => {
  const supervisor = await Api.signIn(demo().supervisor);
  const pic = await Api.signIn(demo().pic);
  const board = await newBoard(supervisor, "Change");
  const title = unique("Hang the pictures");

  const other = await (await browser.newContext()).newPage();
  await signIn(other, demo().pic);
  await openBoard(other, board);
  await expect(other.locator(".live[data-on]")).toBeVisible();
  await signIn(page, demo().supervisor);
  await openBoard(page, board);
  const t = await words(page);

  await test.step("create and assign", async () => {
    await page.getByRole("button", { name: t.board.newTask }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(t.task.title).fill(title);
    await dialog.getByRole("button", { name: t.task.pic }).click();
    await page.getByRole("option", { name: pic.person.name }).click();
    await dialog.getByRole("button", { name: t.action.create }).click();
    await expect(card(lane(page, "Open"), title)).toBeVisible();
  });
  await expect(card(lane(other, "Open"), title)).toContainText(pic.person.name);

  await test.step("move by dragging", async () => {
    await drag(page, card(page, title), lane(page, "Working").locator(".lane-scroll"));
    await expect(card(lane(page, "Working"), title)).toBeVisible();
  });
  await expect(card(lane(other, "Working"), title)).toBeVisible();
  await expect(card(lane(other, "Open"), title)).toHaveCount(0);

  await test.step("history with before and after", async () => {
    await card(other, title).click();
    await expectHistory(other, "Open", "Working");
  });

  await test.step("mail and inbox", async () => {
    await other.goto("/mailbox");
    await other.locator(".notice", { hasText: title }).first().click();
    await expect(other.frameLocator(".mail-frame").getByText(title).first()).toBeVisible();
    await other.goto("/inbox");
    await expect(other.locator(".notice", { hasText: title }).first()).toBeVisible();
    await expect(other.getByTestId("unread").first()).toBeVisible();
  });
  await other.context().close();
});

test("a move that fails goes back to where it was", async ({ page }) => {
  const supervisor = await Api.signIn(demo().supervisor);
  const board = await newBoard(supervisor, "Rollback");
  const title = unique("Stays put");
  await supervisor.post(`/api/boards/${board.id}/tasks`, { title, column_id: board.columns[0]?.id });
  await signIn(page, demo().supervisor);
  await openBoard(page, board);
  const t = await words(page);

  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/tasks/*/move", async (route) => {
    await held;
    await route.abort("connectionfailed");
  });
  await drag(page, card(page, title), lane(page, "Working").locator(".lane-scroll"));
  await expect(card(lane(page, "Working"), title)).toBeVisible();
  release();
  await expect(card(lane(page, "Open"), title)).toBeVisible();
  await expect(page.locator(".toast")).toContainText(t.board.moveFailed(title));
});

test("a person in charge moves only their own tasks, and has no controls for the rest", async ({ page }) => {
  const supervisor = await Api.signIn(demo().supervisor);
  const pic = await Api.signIn(demo().pic);
  const board = await newBoard(supervisor, "Roles");
  const column_id = board.columns[0]?.id;
  const [own, foreign] = [unique("Mine"), unique("Not mine")];
  await supervisor.post(`/api/boards/${board.id}/tasks`, { title: own, column_id, pic_id: pic.person.id });
  await supervisor.post(`/api/boards/${board.id}/tasks`, { title: foreign, column_id });
  await signIn(page, demo().pic);
  await openBoard(page, board);
  const t = await words(page);

  await expect(page.getByRole("button", { name: t.board.newTask })).toHaveCount(0);
  await drag(page, card(page, foreign), lane(page, "Working").locator(".lane-scroll"));
  await expect(card(lane(page, "Open"), foreign)).toBeVisible();
  await drag(page, card(page, own), lane(page, "Working").locator(".lane-scroll"));
  await expect(card(lane(page, "Working"), own)).toBeVisible();
  await card(page, foreign).click();
  await expect(page.getByText(t.task.readOnly)).toBeVisible();
  await expect(page.getByRole("textbox", { name: t.task.title })).toHaveCount(0);
});
