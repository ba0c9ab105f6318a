/** Proving who one is: passwords, codes, sessions, addresses. Everybody here was made for the test. */
import { expect, test, type Page } from "@playwright/test";
import { demo, type Credentials } from "./demo";
import { Authenticator, firstStep, housekeeper, mailedLink, newcomer, openSecurity, PASSWORD, proved, signOut, wantProof } from "./identity";
import { Api, signIn, words } from "./support";

test.skip(() => demo().admin === undefined, "the demo file names no admin");

const toast = (page: Page, text: string) => page.locator(".toast", { hasText: text });

test("another password takes a proof, and ends every other session", async ({ page, browser }) => {
  const person = await newcomer();
  const next = "quite another phrase 43";
  const other = await (await browser.newContext()).newPage();
  await signIn(other, person);
  await signIn(page, person);
  const said = (await words(page)).security;
  await openSecurity(page);

  await test.step("one that is easy to guess is refused", async () => {
    await page.locator("[name=new_password]").fill("passwordpassword");
    await page.getByRole("button", { name: said.password.change }).click();
    await proved(page, person.password, page.locator(".field-fault", { hasText: said.password.guessable }));
  });

  await wantProof(page, "**/api/auth/password");
  const question = page.getByRole("dialog", { name: said.stepUp.title });
  await test.step("declined, nothing happens", async () => {
    await page.locator("[name=new_password]").fill(next);
    await page.getByRole("button", { name: said.password.change }).click();
    await expect(question.locator("[name=password]")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(question).toHaveCount(0);
    await expect(page.locator("[name=new_password]")).toHaveValue(next);
  });

  await wantProof(page, "**/api/auth/password");
  await test.step("a wrong password is no proof, the right one is", async () => {
    await page.getByRole("button", { name: said.password.change }).click();
    await question.locator("[name=password]").fill("not the right phrase");
    await page.keyboard.press("Enter");
    await expect(question.getByRole("alert")).toHaveText(said.stepUp.wrong);
    await question.locator("[name=password]").fill(person.password);
    await page.keyboard.press("Enter");
    await expect(toast(page, said.password.changed)).toBeVisible();
    await expect(page.locator("[name=new_password]")).toHaveValue("");
  });

  await test.step("the other session is over, this one is not", async () => {
    await other.goto("/boards");
    await expect(other).toHaveURL(/\/sign-in/);
    await page.reload();
    await expect(page.locator(".session")).toHaveCount(1);
  });

  await test.step("only the new password counts", async () => {
    await firstStep(other, person);
    await expect(other.getByRole("alert")).toHaveText((await words(other)).auth.wrong);
    await signIn(other, { ...person, password: next });
  });
  await other.context().close();
});

test("a second step: set it up, sign in with the app, with a recovery code, switch it off", async ({ page }) => {
  // A code counts once; the test waits for the next ones.
  test.setTimeout(240_000);
  const person = await newcomer();
  await signIn(page, person);
  const t = await words(page);
  const { mfa, code } = t.security;
  await openSecurity(page);

  await page.getByRole("button", { name: mfa.setUp }).click();
  const setup = page.getByRole("dialog", { name: mfa.setUpTitle });
  await proved(page, person.password, setup);
  await expect(setup.getByRole("img", { name: mfa.qr })).toBeVisible();
  const app = new Authenticator((await setup.getByTestId("totp-secret").textContent()) ?? "");

  await test.step("a wrong code leaves an empty field with the focus", async () => {
    await setup.locator("[name=code]").fill(app.wrong());
    await expect(setup.getByRole("alert")).toHaveText(code.wrong);
    await expect(setup.locator("[name=code]")).toHaveValue("");
    await expect(setup.locator("[name=code]")).toBeFocused();
  });

  const kept = page.getByRole("alertdialog", { name: mfa.codesTitle });
  await test.step("the right one gives recovery codes, which are kept", async () => {
    await setup.locator("[name=code]").fill(await app.code());
    await expect(kept.locator(".codes li")).toHaveCount(10);
    await page.keyboard.press("Escape");
    await kept.getByRole("button", { name: mfa.done }).click();
    await expect(kept).toBeVisible();
  });
  const codes = await kept.locator(".codes li").allTextContents();
  await test.step("as a file, too", async () => {
    const downloading = page.waitForEvent("download");
    await kept.getByRole("button", { name: mfa.download }).click();
    expect((await downloading).suggestedFilename()).toBe("onus-recovery-codes.txt");
    await kept.getByRole("checkbox", { name: mfa.kept }).check();
    await kept.getByRole("button", { name: mfa.done }).click();
    await expect(page.getByText(mfa.left(10))).toBeVisible();
  });

  await signOut(page);
  await test.step("the password alone is not enough, nor is a wrong code", async () => {
    await firstStep(page, person);
    await expect(page.getByRole("heading", { name: code.title })).toBeVisible();
    await expect(page.locator("[name=code]")).toBeFocused();
    await page.locator("[name=code]").fill(app.wrong());
    await expect(page.getByRole("alert")).toHaveText(code.wrong);
    await expect(page.locator("[name=code]")).toHaveValue("");
    await expect(page.locator("[name=code]")).toBeFocused();
  });

  await test.step("the code of the app is", async () => {
    const shown = await app.code();
    await page.locator("[name=code]").fill(`${shown.slice(0, 3)} ${shown.slice(3)}`);
    await expect(page.locator("header.top")).toBeVisible();
  });

  await signOut(page);
  await test.step("so is a recovery code, once", async () => {
    const typed = (codes[0] ?? "").toLowerCase().replace("-", " ");
    const enter = async () => {
      await firstStep(page, person);
      await page.getByRole("button", { name: code.useRecovery }).click();
      await expect(page.locator("[name=recovery_code]")).toBeFocused();
      await page.keyboard.type(typed);
      await page.keyboard.press("Enter");
    };
    await enter();
    await expect(page.locator("header.top")).toBeVisible();
    await openSecurity(page);
    await expect(page.getByText(mfa.left(9))).toBeVisible();
    await signOut(page);
    await enter();
    await expect(page.getByRole("alert")).toHaveText(code.recoveryWrong);
  });

  await test.step("a proof is a code as well; with it the second step is switched off", async () => {
    await page.getByRole("button", { name: code.useApp }).click();
    await page.locator("[name=code]").fill(await app.code());
    await expect(page.locator("header.top")).toBeVisible();
    await openSecurity(page);
    await wantProof(page, "**/api/auth/mfa/totp", ["totp", "recovery_code"]);
    await page.getByRole("button", { name: mfa.switchOff }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: mfa.switchOff }).click();
    const question = page.getByRole("dialog", { name: t.security.stepUp.title });
    await question.locator("[name=code]").fill(await app.code());
    await expect(toast(page, mfa.switchedOff)).toBeVisible();
    await expect(page.getByRole("button", { name: mfa.setUp })).toBeVisible();
  });

  await signOut(page);
  await signIn(page, person);
});

test("a ticket that is over leads back to the password", async ({ page }) => {
  const person = await newcomer();
  await page.route("**/api/auth/sign-in", (route) =>
    route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ status: 401, code: "second_factor_required", title: "Code required", ticket: "over", methods: ["totp", "recovery_code"] }) }));
  await page.route("**/api/auth/sign-in/second-factor", (route) =>
    route.fulfill({ status: 409, contentType: "application/problem+json", body: JSON.stringify({ status: 409, code: "conflict", title: "Over", state: "over" }) }));
  await firstStep(page, person);
  await page.locator("[name=code]").fill("123456");
  await expect(page.getByRole("alert")).toHaveText((await words(page)).security.code.over);
  await expect(page.locator("[name=email]")).toHaveValue(person.email);
  await expect(page.locator("[name=password]")).toHaveValue("");
  await expect(page.locator("[name=password]")).toBeFocused();
});

test("too many attempts count down", async ({ page }) => {
  await page.route("**/api/auth/sign-in", (route) =>
    route.fulfill({ status: 429, headers: { "Retry-After": "3" }, contentType: "application/problem+json", body: JSON.stringify({ status: 429, code: "too_many_requests", title: "Slow down" }) }));
  await firstStep(page, { email: "somebody@example.com", password: PASSWORD });
  const t = await words(page);
  await expect(page.getByRole("alert")).toContainText(t.security.wait(3));
  await expect(page.locator("button[type=submit]")).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByRole("alert")).toHaveText(t.security.waitOver);
  await expect(page.locator("button[type=submit]")).not.toHaveAttribute("aria-disabled", "true");
});

test("a forgotten password is replaced by the link of a mail, once", async ({ page, browser }) => {
  const person = await newcomer();
  const reader = await Api.signIn(person);
  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, person);
  const next = "yet another phrase 44";
  const ask = async (email: string) => {
    await page.goto("/sign-in");
    await page.getByRole("link", { name: (await words(page)).security.forgot.link }).click();
    await page.locator("[name=email]").fill(email);
    await page.locator("button[type=submit]").click();
    await expect(page.getByRole("heading", { name: (await words(page)).security.forgot.sentTitle })).toBeFocused();
    return page.locator("main").textContent();
  };

  await test.step("the answer is the same whoever asks", async () => {
    const unknown = `nobody-${person.email}`;
    expect((await ask(unknown))?.replace(unknown, "…")).toBe((await ask(person.email))?.replace(person.email, "…"));
  });

  const link = await mailedLink(reader, person.email, "/reset");
  const t = await words(page);
  await test.step("the link leaves the address bar at once", async () => {
    await page.goto(link);
    await expect(page.locator("[name=new_password]")).toBeVisible();
    expect(new URL(page.url()).hash).toBe("");
  });
  await test.step("a new password", async () => {
    await page.locator("[name=new_password]").fill(next);
    await page.getByRole("button", { name: t.security.password.show }).click();
    await expect(page.locator("[name=new_password]")).toHaveAttribute("type", "text");
    await page.locator("button[type=submit]").click();
    await expect(page.getByText(t.security.reset.done)).toBeVisible();
  });
  await test.step("ends every session, and counts from now on", async () => {
    await elsewhere.goto("/boards");
    await expect(elsewhere).toHaveURL(/\/sign-in/);
    await signIn(page, { ...person, password: next });
  });
  await test.step("the link is used, and another can be asked for", async () => {
    await elsewhere.goto(link);
    await elsewhere.locator("[name=new_password]").fill(next);
    await elsewhere.locator("button[type=submit]").click();
    const said = (await words(elsewhere)).security.reset;
    await expect(elsewhere.getByRole("heading", { name: said.used })).toBeVisible();
    await elsewhere.getByRole("link", { name: said.another }).click();
    await expect(elsewhere).toHaveURL(/\/forgot/);
  });
  await test.step("a link that nobody sent is unknown", async () => {
    await elsewhere.goto("/reset#token=nobody-sent-this");
    await elsewhere.locator("[name=new_password]").fill(next);
    await elsewhere.locator("button[type=submit]").click();
    await expect(elsewhere.getByRole("heading", { name: (await words(elsewhere)).security.reset.unknown })).toBeVisible();
  });
  await elsewhere.context().close();
});

test("other sessions are ended, one or all", async ({ page, browser }) => {
  const person = await newcomer();
  const others = await Promise.all([0, 1, 2].map(async () => (await browser.newContext()).newPage()));
  for (const other of others) await signIn(other, person);
  await signIn(page, person);
  const t = await words(page);
  const { sessions } = t.security;
  await openSecurity(page);
  // Theirs, this one, and the one with which they joined.
  await expect(page.locator(".session")).toHaveCount(5);
  await expect(page.locator(".session").first()).toContainText(sessions.current);

  await test.step("one", async () => {
    await page.locator(".session").nth(1).getByRole("button").click();
    await expect(page.locator(".session")).toHaveCount(4);
    const over = await Promise.all(others.map(async (other) => {
      await other.goto("/boards");
      await expect(other.locator("header.top").or(other.locator("[name=password]"))).toBeVisible();
      return other.url().includes("/sign-in");
    }));
    expect(over.filter(Boolean)).toHaveLength(1);
  });
  await test.step("all, after a question", async () => {
    await page.getByRole("button", { name: sessions.endOthers }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: sessions.endOthers }).click();
    await expect(toast(page, sessions.othersEnded(3))).toBeVisible();
    await expect(page.locator(".session")).toHaveCount(1);
    await expect(page.getByText(sessions.only)).toBeVisible();
  });
  for (const other of others) {
    await other.goto("/boards");
    await expect(other).toHaveURL(/\/sign-in/);
    await other.context().close();
  }
  await page.reload();
  await expect(page.locator(".session")).toHaveCount(1);
});

test("a role stays as it was when the proof is declined", async ({ page }) => {
  const person = await newcomer();
  const admin = demo().admin as Credentials;
  await signIn(page, admin);
  await page.goto("/people");
  const t = await words(page);
  const row = page.locator(".row", { hasText: person.email });
  await wantProof(page, /\/api\/members\/[^/]+$/);
  await row.getByRole("button", { name: t.people.roleOf("Sefa Secure") }).click();
  await page.getByRole("option", { name: t.role.pic }).click();
  const question = page.getByRole("dialog", { name: t.security.stepUp.title });
  await question.getByRole("button", { name: t.action.cancel }).click();
  await expect(row.getByRole("button", { name: t.people.roleOf("Sefa Secure") })).toContainText(t.role.observer);
  await expect(page.locator(".toast")).toHaveCount(0);

  await wantProof(page, /\/api\/members\/[^/]+$/);
  await row.getByRole("button", { name: t.people.remove("Sefa Secure") }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: t.action.remove }).click();
  await question.locator("[name=password]").fill(admin.password);
  await page.keyboard.press("Enter");
  await expect(toast(page, t.people.removed("Sefa Secure"))).toBeVisible();
  await expect(row).toHaveCount(0);
});

// The very first person alone signs up without a link, and so has an address that nobody has confirmed yet.
test("the first person's address is confirmed by the link of a mail", async ({ page }) => {
  const { admin } = demo();
  if (!admin) throw new Error("the demo file names no admin");
  const { email } = admin;
  await signIn(page, admin);
  const t = await words(page);
  const banner = page.getByRole("complementary", { name: t.security.banner.label });
  await banner.getByRole("button", { name: t.security.address.send }).click();
  await expect(banner).toContainText(t.security.address.sentShort);

  const link = await mailedLink(await housekeeper(), email, "/verify");
  const opened = await page.context().newPage();
  await opened.goto(link);
  await expect(opened.getByRole("heading", { name: t.security.verify.done })).toBeVisible();
  expect(new URL(opened.url()).hash).toBe("");
  await expect(banner).toHaveCount(0);
  await page.goto("/settings/security");
  await expect(page.getByText(t.security.address.verified, { exact: true })).toBeVisible();

  await opened.goto("/verify#token=nobody-sent-this");
  await expect(opened.getByRole("heading", { name: t.security.verify.unknown })).toBeVisible();
});
