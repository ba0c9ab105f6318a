/**
 * An OpenID Connect provider for one test file. Whoever types an address there is that person, with any password.
 * `ONUS_E2E_PROVIDER` is its address (a list, where there are several houses) and `ONUS_E2E_PROVIDER_SECRET` the secret by
 * which it knows the backend, which has to know it as provider `example` with the client id below.
 */
import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import type { Page } from "@playwright/test";
import Provider from "oidc-provider";
import { demo, ownOf } from "./demo";

export const PROVIDER = "example";
export const ISSUER = ownOf(process.env["ONUS_E2E_PROVIDER"] ?? "http://localhost:9411");
export const CLIENT = "onus-e2e";
export const CLIENT_SECRET = process.env["ONUS_E2E_PROVIDER_SECRET"] ?? "";

/** Where everybody's picture is. */
const PORTRAIT = "/portrait";

export async function startProvider(): Promise<Server> {
  const { url } = demo();
  const provider = new Provider(ISSUER, {
    clients: [{
      client_id: CLIENT,
      client_secret: CLIENT_SECRET,
      redirect_uris: [`${url}/api/auth/external/callback`],
      post_logout_redirect_uris: [`${url}/sign-in`],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "picture"] },
    // What it says about the person stands in the ID token as well.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ["the cookies of a provider that nobody trusts"] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: true, name: "Sefa Secure", picture: ISSUER + PORTRAIT }),
    }),
  });
  const answer = provider.callback();
  const server = createServer((request, response) => {
    if (request.url === PORTRAIT) createReadStream("screenshots/phone.png").pipe(response);
    else void answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(new URL(ISSUER).port), resolve);
  });
  return server;
}

export const stopProvider = (server: Server | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (!server) return resolve();
    server.close(() => resolve());
    // Browsers keep their connections open for a while.
    server.closeAllConnections();
  });

/** What a person does there: says who they are, and agrees. */
export async function agree(page: Page, address: string): Promise<void> {
  await page.waitForURL(`${ISSUER}/interaction/**`);
  await page.locator("[name=login]").fill(address);
  await page.locator("[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  await page.locator("[name=login]").waitFor({ state: "detached" });
  await page.locator("button[type=submit]").click();
}

/** Changes their mind. */
export async function cancel(page: Page): Promise<void> {
  await page.waitForURL(`${ISSUER}/interaction/**`);
  await page.locator("a[href$='/abort']").click();
}
