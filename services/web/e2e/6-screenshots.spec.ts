/** The pictures of the README, taken from the demo board, and more to look at. Only with ONUS_SCREENSHOTS=1. */
import { expect, test, type Page } from "@playwright/test";
import { demo } from "./demo";
import { firstStep, newcomer, openSecurity, proved } from "./identity";
import { Api, newBoard, signIn, words } from "./support";

test.skip(process.env["ONUS_SCREENSHOTS"] !== "1", "only on request");

interface Shown {
  id: string;
  cards: { id: string; version: number; has_description: boolean; comments: number }[];
}

/** Who is on the pictures: the demo's admin, who reads English, where there is one. */
const reader = () => demo().admin ?? demo().supervisor;

/** The demo's board; in its absence the one with the most cards. */
async function demoBoard(api: Api): Promise<Shown> {
  const known = demo().board;
  if (known) return api.get<Shown>(`/api/boards/${known}`);
  const { items } = await api.get<{ items: { id: string }[] }>("/api/boards?limit=200");
  const boards = await Promise.all(items.map((each) => api.get<Shown>(`/api/boards/${each.id}`)));
  return boards.reduce((a, b) => (b.cards.length > a.cards.length ? b : a));
}

/** So that the history on the picture has something to tell: a later deadline, one more label. */
async function rework(id: string): Promise<void> {
  const supervisor = await Api.signIn(demo().supervisor);
  const { version, deadline, labels } = await supervisor.get<{ version: number; deadline: string | null; labels: string[] }>(`/api/tasks/${id}`);
  const later = new Date(Date.parse(deadline ?? new Date().toISOString()) + 86_400_000).toISOString();
  await supervisor.patch(`/api/tasks/${id}`, version, { deadline: later, labels: [...new Set([...labels, "2.0"])] });
}

/** Into `screenshots/`; or elsewhere, if it is not for the README. */
async function shoot(page: Page, name: string, path = `screenshots/${name}.png`): Promise<void> {
  await page.mouse.move(0, 0);
  await expect(page.locator(".loading")).toHaveCount(0);
  await expect(page.locator(".toast")).toHaveCount(0);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished)));
  await page.screenshot({ path });
}

test("board and task", async ({ page }) => {
  const board = await demoBoard(await Api.signIn(reader()));
  await signIn(page, reader());
  await page.goto(`/boards/${board.id}`);
  await expect(page.locator(".card").first()).toBeVisible();
  await expect(page.locator(".live[data-on]")).toBeVisible();
  await shoot(page, "board");
  const told = (card: Shown["cards"][number]) => card.comments + card.version + (card.has_description ? 2 : 0);
  const task = board.cards.reduce((a, b) => (told(b) > told(a) ? b : a));
  await rework(task.id);
  await page.goto(`/boards/${board.id}?task=${task.id}`);
  const t = await words(page);
  await page.getByRole("tab", { name: t.task.history }).click();
  await expect(page.locator(".entry").filter({ hasText: t.history.edited }).first()).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 1180 });
  await shoot(page, "task");
});

test("conflict", async ({ page }) => {
  const other = await Api.signIn(demo().supervisor);
  const board = await newBoard(other, "Autumn exhibition");
  const description = "Two drafts for the printer by Friday noon.\n\n- Korean and English title\n- uncoated paper\n- the photographs from Hwang";
  const column_id = board.columns[0]?.id;
  const task = await other.post<{ id: string; version: number }>(`/api/boards/${board.id}/tasks`, { title: "Cover of the catalogue", description, column_id });
  await signIn(page, reader());
  await page.goto(`/boards/${board.id}?task=${task.id}`);
  const t = await words(page);
  await page.locator(".description").getByRole("button", { name: t.action.edit }).click();
  await page.getByRole("textbox", { name: t.task.description }).fill(`${description}\n- keep the spine under 9 mm`);
  const theirs = description.replace("Two drafts", "Three drafts").replace("Friday noon", "Thursday evening");
  await other.patch(`/api/tasks/${task.id}`, task.version, { description: theirs });
  await expect(page.locator(".note[data-tone=warn]")).toBeVisible();
  await page.locator(".writing").getByRole("button", { name: t.action.save }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await shoot(page, "conflict");
});

test("phone", async ({ browser }) => {
  const board = await demoBoard(await Api.signIn(reader()));
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, locale: "en-GB" });
  const page = await context.newPage();
  await signIn(page, reader());
  await page.goto(`/boards/${board.id}`);
  await expect(page.locator(".card").first()).toBeVisible();
  await expect(page.locator(".live[data-on]")).toBeVisible();
  await shoot(page, "phone");
  await context.close();
});

const LOOKS = {
  dark: { viewport: { width: 1440, height: 1000 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
} as const;

for (const language of ["en", "ko"] as const) {
  for (const look of ["dark", "phone"] as const) {
    test(`security, ${language}, ${look}`, async ({ browser }, info) => {
      const context = await browser.newContext({ ...LOOKS[look], locale: language === "ko" ? "ko-KR" : "en-GB" });
      const page = await context.newPage();
      const keep = (name: string) => shoot(page, name, info.outputPath(`${name}-${language}-${look}.png`));
      const person = await newcomer(language);
      await signIn(page, person);
      const t = await words(page);
      await page.goto("/people");
      await expect(page.locator(".row").first()).toBeVisible();
      await keep("people");
      await openSecurity(page);
      await keep("security");
      await page.getByRole("button", { name: t.security.mfa.setUp }).click();
      await proved(page, person.password, page.getByRole("dialog", { name: t.security.mfa.setUpTitle }));
      await keep("setup");
      // The service of the demo has no second step for this person; the page is shown what it would say.
      const refused = { status: 401, code: "second_factor_required", title: "Code required", ticket: "t", methods: ["totp", "recovery_code"] };
      await page.route("**/api/auth/sign-in", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(refused) }));
      await firstStep(page, person);
      await expect(page.locator("[name=code]")).toBeFocused();
      await keep("code");
      await context.close();
    });
  }
}
