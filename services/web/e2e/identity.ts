/** For tests of passwords, codes and sessions: people made for one test, their mail, and an authenticator app. */
import { createHmac } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import { demo, type Credentials } from "./demo";
import { Api, unique, words } from "./support";

export const PASSWORD = "a long enough phrase 42";

/** The newest mail to an address that holds such a link, as path and fragment; it may still be on its way. */
export async function mailedLink(reader: Api, address: string, path: "/join" | "/reset" | "/verify" | "/sign-up"): Promise<string> {
  const pattern = new RegExp(`https?://\\S+?${path}#[^\\s<>")\\]]+`);
  let link = "";
  await expect
    .poll(async () => {
      const { items } = await reader.get<{ items: { id: string; to: string }[] }>("/api/mailbox?limit=50");
      for (const { id, to } of items) {
        if (to !== address || link !== "") continue;
        const { text } = await reader.get<{ text: string }>(`/api/mailbox/${id}`);
        link = pattern.exec(text)?.[0] ?? "";
      }
      return link;
    }, { timeout: 30_000, message: `a mail to ${address} with a link to ${path}` })
    .not.toBe("");
  const { pathname, hash } = new URL(link);
  return pathname + hash;
}

/** The demo's admin, whose workspace was there first: the mailbox there also holds what is sent to those who sign up. */
export async function housekeeper(): Promise<Api> {
  const { admin } = demo();
  if (!admin) throw new Error("the demo file names no admin");
  return Api.signIn(admin);
}

/**
 * Somebody new in the demo's workspace, so that a test may change what it likes about signing in. They observe:
 * nobody is offered to put them in charge of anything.
 */
export async function newcomer(language: "en" | "ko" = "en"): Promise<Credentials> {
  const inviting = await housekeeper();
  const email = `${unique("secure").replaceAll(" ", "-")}@example.com`;
  await inviting.post("/api/invitations", { email, role: "observer", language });
  const token = (await mailedLink(inviting, email, "/join")).replace("/join#", "");
  const body = JSON.stringify({ token, password: PASSWORD, name: "Sefa Secure", language, time_zone: "Asia/Seoul" });
  const answer = await fetch(`${demo().url}/api/auth/invitations/accept`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok) throw new Error(`${answer.status} from ${answer.url}: ${await answer.text()}`);
  return { email, password: PASSWORD };
}

/** Address and password; what comes next is the caller's to look at. */
export async function firstStep(page: Page, who: Credentials): Promise<void> {
  await page.goto("/sign-in");
  await page.locator("[name=email]").fill(who.email);
  await page.locator("[name=password]").fill(who.password);
  await page.locator("button[type=submit]").click();
}

export async function openSecurity(page: Page): Promise<void> {
  await page.goto("/settings/security");
  await expect(page.locator(".sessions")).toBeVisible();
}

export async function signOut(page: Page): Promise<void> {
  const t = await words(page);
  await page.locator(".account").click();
  await page.getByRole("menuitem", { name: t.app.signOut }).click();
  await expect(page).toHaveURL(/\/sign-in/);
}

/** Answers the question for the password, if it is put before what was wanted is there: a recent proof still counts. */
export async function proved(page: Page, password: string, wanted: Locator): Promise<void> {
  const t = await words(page);
  const question = page.getByRole("dialog", { name: t.security.stepUp.title });
  await expect(question.or(wanted).first()).toBeVisible();
  if (await question.isVisible()) {
    await question.locator("[name=password]").fill(password);
    await question.getByRole("button", { name: t.security.stepUp.confirm }).click();
  }
  await expect(wanted).toBeVisible();
}

/** Has the service's first answer say that it wants a proof; what follows is the service's own. */
export async function wantProof(page: Page, path: string | RegExp, methods: string[] = ["password"]): Promise<void> {
  const body = JSON.stringify({ type: "/problems/step-up-required", title: "Proof required", status: 403, code: "step_up_required", methods });
  await page.route(path, (route) => route.fulfill({ status: 403, contentType: "application/problem+json", body }), { times: 1 });
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const PERIOD = 30_000;

function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/[\s=]/g, "")].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** RFC 6238 with what every app uses: SHA-1, thirty seconds, six digits. */
function totp(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The app on the phone. A code counts once, so it waits for the next one where the present one was used. */
export class Authenticator {
  private used = 0;

  constructor(private readonly secret: string) {}

  async code(): Promise<string> {
    // Not one that is about to pass while it is being entered.
    while (this.step() === this.used || Date.now() % PERIOD > PERIOD - 3_000) await new Promise((resolve) => setTimeout(resolve, 500));
    this.used = this.step();
    return totp(this.secret, this.used);
  }

  /** Six digits that no clock of today shows. */
  wrong(): string {
    const near = [-2, -1, 0, 1, 2].map((shift) => totp(this.secret, this.step() + shift));
    for (let n = 0; ; n++) {
      const code = String(n).padStart(6, "0");
      if (!near.includes(code)) return code;
    }
  }

  private step(): number {
    return Math.floor(Date.now() / PERIOD);
  }
}
