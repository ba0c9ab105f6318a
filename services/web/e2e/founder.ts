/** People with a workspace of their own, made for one test. */
import { demo, type Credentials } from "./demo";
import { housekeeper, mailedLink, PASSWORD } from "./identity";
import { Api, unique } from "./support";

export interface Founder extends Credentials {
  workspace: string;
  api: Api;
}

export const address = (name: string) => `${unique(name).replaceAll(" ", "-")}@example.com`;

async function post(path: string, body: object): Promise<void> {
  const answer = await fetch(`${demo().url}${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status} from ${answer.url}: ${await answer.text()}`);
}

/** Somebody with a workspace of their own; signing up is open where these tests run. */
export async function founder(name: string): Promise<Founder> {
  const [email, workspace] = [address("founder"), unique(name)];
  await post("/api/auth/sign-up/begin", { email, language: "en" });
  const token = (await mailedLink(await housekeeper(), email, "/sign-up")).replace("/sign-up#token=", "");
  await post("/api/auth/sign-up/complete", { token, password: PASSWORD, name: "Fay Founder", workspace_name: workspace, language: "en", time_zone: "Asia/Seoul" });
  const who = { email, password: PASSWORD };
  return { ...who, workspace, api: await Api.signIn(who) };
}

/** Joins the workspace of whoever invites, with the password of the account. */
export async function join(host: Founder, guest: Credentials, role: string): Promise<void> {
  await host.api.post("/api/invitations", { email: guest.email, role, language: "en" });
  const token = (await mailedLink(host.api, guest.email, "/join")).replace("/join#", "");
  await post("/api/auth/invitations/accept", { token, password: guest.password, name: "Gil Guest", language: "en", time_zone: "Asia/Seoul" });
}
