/** The pictures of the README, taken from the demo board. Only with ONUS_SCREENSHOTS=1. */
import { expect, test, type Page } from "@playwright/test";
import { demo } from "./demo";
import { Api, newBoard, signIn, words } from "./support";

test.skip(process.env["ONUS_SCREENSHOTS"] !== "1", "only on request");

interface Boards {
  items: { id: string; name: string }[];
}

/** The board with the most cards: the demo's own, not one a test left behind. */
async function fullest(api: Api): Promise<{ id: string; cards: { id: string; has_description: boolean; comments: number }[] }> {
  const { items } = await api.get<Boards>("/api/boards?limit=200");
  const boards = await Promise.all(items.map((each) => api.get<Awaited<ReturnType<typeof fullest>>>(`/api/boards/${each.id}`)));
  return boards.reduce((a, b) => (b.cards.length > a.cards.length ? b : a));
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await expect(page.locator(".loading")).toHaveCount(0);
  await expect(page.locator(".toast")).toHaveCount(0);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished)));
  await page.screenshot({ path: `screenshots/${name}.png` });
}

test("board and task", async ({ page }) => {
  const board = await fullest(await Api.signIn(demo().supervisor));
  await signIn(page, demo().supervisor);
  await page.goto(`/boards/${board.id}`);
  await expect(page.locator(".card").first()).toBeVisible();
  await shoot(page, "board");
  const task = board.cards.find((each) => each.has_description && each.comments > 0) ?? board.cards.find((each) => each.has_description) ?? board.cards[0];
  await page.goto(`/boards/${board.id}?task=${task?.id}`);
  const t = await words(page);
  await page.getByRole("tab", { name: t.task.history }).click();
  await expect(page.locator(".entry").first()).toBeVisible();
  await shoot(page, "task");
});

test("conflict", async ({ page }) => {
  const api = await Api.signIn(demo().supervisor);
  const board = await newBoard(api, "Autumn exhibition");
  const description = "Two drafts for the printer by Friday noon.\n\n- Korean and English title\n- uncoated paper";
  const task = await api.post<{ id: string }>(`/api/boards/${board.id}/tasks`, { title: "Cover of the catalogue", description, column_id: board.columns[0]?.id });
  await signIn(page, demo().supervisor);
  await page.goto(`/boards/${board.id}?task=${task.id}`);
  const t = await words(page);
  const second = await page.context().newPage();
  await second.goto(`/boards/${board.id}?task=${task.id}`);
  for (const [tab, text] of [[second, `${description}\n- keep the spine under 9 mm`], [page, description.replace("Two drafts", "Three drafts").replace("Friday noon", "Thursday evening")]] as const) {
    await tab.locator(".description").getByRole("button", { name: t.action.edit }).click();
    await tab.getByRole("textbox", { name: t.task.description }).fill(text);
  }
  await page.locator(".writing").getByRole("button", { name: t.action.save }).click();
  await expect(page.locator(".writing")).toHaveCount(0);
  await second.locator(".writing").getByRole("button", { name: t.action.save }).click();
  await expect(second.getByRole("alertdialog")).toBeVisible();
  await shoot(second, "conflict");
});

test("phone", async ({ browser }) => {
  const board = await fullest(await Api.signIn(demo().supervisor));
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await signIn(page, demo().supervisor);
  await page.goto(`/boards/${board.id}`);
  await expect(page.locator(".card").first()).toBeVisible();
  await shoot(page, "phone");
  await context.close();
});
