/** Two tabs, one task: the same field asks, different fields merge, and no draft is ever lost. */
import { expect, test, type Page } from "@playwright/test";
import { demo } from "./demo";
import { Api, newBoard, openBoard, signIn, unique, words, type TestBoard } from "./support";

interface Made {
  id: string;
  title: string;
  description: string;
}

async function prepare(page: Page): Promise<{ api: Api; board: TestBoard; task: Made; second: Page }> {
  const api = await Api.signIn(demo().supervisor);
  const board = await newBoard(api, "Conflict");
  const task = await api.post<Made>(`/api/boards/${board.id}/tasks`, { title: unique("Draft"), description: "First line\nSecond line", column_id: board.columns[0]?.id });
  await signIn(page, demo().supervisor);
  await page.goto(`/boards/${board.id}?task=${task.id}`);
  const second = await page.context().newPage();
  await second.goto(`/boards/${board.id}?task=${task.id}`);
  return { api, board, task, second };
}

const titleBox = async (page: Page) => page.getByRole("textbox", { name: (await words(page)).task.title });

test("the same field: the later writer decides, with both texts in view and their own kept", async ({ page }) => {
  const { api, task, second } = await prepare(page);
  const [first, later] = [unique("From the first tab"), unique("From the second tab")];
  await (await titleBox(second)).fill(later);

  await (await titleBox(page)).fill(first);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await api.get<Made>(`/api/tasks/${task.id}`)).title).toBe(first);

  await second.keyboard.press("Enter");
  const t = await words(second);
  const conflict = second.getByRole("alertdialog", { name: t.conflict.title });
  await expect(conflict.locator("[data-side=mine]")).toContainText(later);
  await expect(conflict.locator("[data-side=theirs]")).toContainText(first);

  await test.step("the draft survives a reload", async () => {
    await second.reload();
    await expect(conflict.locator("[data-side=mine]")).toContainText(later);
    await expect(conflict.locator("[data-side=theirs]")).toContainText(first);
  });

  await test.step("it can wait, and is still there", async () => {
    await conflict.getByRole("button", { name: t.conflict.later }).click();
    await expect(conflict).toHaveCount(0);
    expect((await api.get<Made>(`/api/tasks/${task.id}`)).title).toBe(first);
    await second.getByRole("button", { name: t.conflict.decide }).click();
  });

  await test.step("a text from both settles it", async () => {
    await conflict.getByRole("radio", { name: t.conflict.merge }).check();
    await conflict.getByLabel(t.conflict.merged).fill(`${first} & ${later}`);
    await conflict.getByRole("button", { name: t.conflict.save }).click();
    await expect(conflict).toHaveCount(0);
    await expect.poll(async () => (await api.get<Made>(`/api/tasks/${task.id}`)).title).toBe(`${first} & ${later}`);
    await expect(await titleBox(page)).toHaveValue(`${first} & ${later}`);
  });
});

test("taking theirs drops the draft and changes nothing", async ({ page }) => {
  const { api, task, second } = await prepare(page);
  const first = unique("Stands");
  await (await titleBox(second)).fill("Given up");
  await (await titleBox(page)).fill(first);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await api.get<Made>(`/api/tasks/${task.id}`)).title).toBe(first);
  await second.keyboard.press("Enter");
  const t = await words(second);
  const conflict = second.getByRole("alertdialog");
  await conflict.getByRole("radio", { name: t.conflict.theirs }).check();
  await conflict.getByRole("button", { name: t.conflict.save }).click();
  await expect(conflict).toHaveCount(0);
  await expect(await titleBox(second)).toHaveValue(first);
  await second.reload();
  await expect(await titleBox(second)).toHaveValue(first);
  await expect(second.getByRole("alertdialog")).toHaveCount(0);
});

test("different fields: both are kept, and nobody is asked", async ({ page }) => {
  const { api, task, second } = await prepare(page);
  const title = unique("New title");
  const t = await words(second);
  await second.locator(".description").getByRole("button", { name: t.action.edit }).click();
  await second.getByRole("textbox", { name: t.task.description }).fill("Entirely rewritten");

  await (await titleBox(page)).fill(title);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await api.get<Made>(`/api/tasks/${task.id}`)).title).toBe(title);

  await second.locator(".writing").getByRole("button", { name: t.action.save }).click();
  await expect.poll(() => api.get<Made>(`/api/tasks/${task.id}`)).toMatchObject({ title, description: "Entirely rewritten" });
  await expect(second.getByRole("alertdialog")).toHaveCount(0);
  await expect(await titleBox(second)).toHaveValue(title);
  await expect(page.locator(".description")).toContainText("Entirely rewritten");
});

test("an unsaved description survives closing the panel and reloading", async ({ page }) => {
  const { board, task, second } = await prepare(page);
  await second.close();
  const t = await words(page);
  await page.locator(".description").getByRole("button", { name: t.action.edit }).click();
  await page.getByRole("textbox", { name: t.task.description }).fill("Half a thought");
  await page.keyboard.press("Escape");
  await expect(page.locator(".panel")).toHaveCount(0);
  await openBoard(page, board);
  await page.goto(`/boards/${board.id}?task=${task.id}`);
  await expect(page.getByRole("textbox", { name: t.task.description })).toHaveValue("Half a thought");
});
