/** What the tests share: the API to prepare with, signing in, the words on screen, and a few gestures. */
import { expect, type Locator, type Page } from "@playwright/test";
import { en, type Dictionary } from "../src/i18n/en";
import { ko } from "../src/i18n/ko";
import { demo, type Credentials } from "./demo";

export interface Person {
  id: string;
  name: string;
  email: string;
}

/** A signed-in caller of the API, for what a test needs but does not test. */
export class Api {
  private constructor(private readonly token: string, readonly person: Person) {}

  static async signIn(who: Credentials): Promise<Api> {
    const { access_token, person } = await Api.read<{ access_token: string; person: Person }>(
      await fetch(`${demo().url}/api/auth/sign-in`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(who) }),
    );
    return new Api(access_token, person);
  }

  private static async read<T>(response: Response): Promise<T> {
    if (!response.ok) throw new Error(`${response.status} from ${response.url}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  async get<T>(path: string): Promise<T> {
    return Api.read<T>(await fetch(demo().url + path, { headers: { Authorization: `Bearer ${this.token}` } }));
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" };
    return Api.read<T>(await fetch(demo().url + path, { method: "POST", headers, body: JSON.stringify(body) }));
  }

  async patch<T>(path: string, version: number, body: unknown): Promise<T> {
    const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json", "If-Match": `"${version}"` };
    return Api.read<T>(await fetch(demo().url + path, { method: "PATCH", headers, body: JSON.stringify(body) }));
  }
}

export interface TestBoard {
  id: string;
  name: string;
  columns: { id: string; name: string }[];
}

/** A board of its own for each test, so that none sees another's tasks. */
export async function newBoard(api: Api, name: string): Promise<TestBoard> {
  const columns = [{ name: "Open", status: "todo" }, { name: "Working", status: "doing" }, { name: "Finished", status: "done" }];
  const { id } = await api.post<{ id: string }>("/api/boards", { name: unique(name), columns });
  return api.get<TestBoard>(`/api/boards/${id}`);
}

let count = 0;
export const unique = (name: string): string => `${name} ${Date.now().toString(36)}${(count++).toString(36)}`;

/** The dictionary of the language on screen: the demo's people may speak either. */
export async function words(page: Page): Promise<Dictionary> {
  return (await page.locator("html").getAttribute("lang")) === "ko" ? ko : en;
}

export async function signIn(page: Page, who: Credentials): Promise<void> {
  await page.goto("/sign-in");
  await page.locator("[name=email]").fill(who.email);
  await page.locator("[name=password]").fill(who.password);
  await page.locator("button[type=submit]").click();
  await expect(page).toHaveURL(/\/boards/);
  await expect(page.locator("header.top")).toBeVisible();
}

export const lane = (page: Page, name: string): Locator => page.locator(".lane").filter({ has: page.getByRole("heading", { name, exact: true }) });
export const card = (within: Page | Locator, title: string): Locator => within.locator(".card", { hasText: title });

export async function openBoard(page: Page, board: TestBoard): Promise<void> {
  await page.goto(`/boards/${board.id}`);
  await expect(page.getByRole("heading", { name: board.name })).toBeVisible();
}

/** Drags as a hand does: press, move a little, move there, let go. */
export async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error("nothing to drag, or nowhere to");
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + start.width / 2 + 12, start.y + start.height / 2 + 12, { steps: 4 });
  await page.mouse.move(end.x + end.width / 2, end.y + Math.min(end.height / 2, 120), { steps: 12 });
  await page.mouse.up();
}

/** Tabs until this has the focus, as someone without a mouse would. */
export async function tabTo(page: Page, target: Locator, limit = 60): Promise<void> {
  for (let i = 0; i < limit; i++) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab does not reach it");
}

/** Opens a task's history and waits for an entry that says both. */
export async function expectHistory(page: Page, before: string, after: string): Promise<void> {
  const t = await words(page);
  await page.getByRole("tab", { name: t.task.history }).click();
  const change = page.locator(".entry .change").filter({ hasText: before }).filter({ hasText: after });
  await expect(change.first()).toBeVisible();
}
