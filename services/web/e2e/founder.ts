/** People with a workspace of their own, made for one test. */
import { demo, type Credentials } from "./demo";
import { mailedLink, PASSWORD } from "./identity";
import { Api, unique } from "./support";

export interface Founder extends Credentials {
  workspace: string;
  api: Api;
}

export const address = (name: string) => `${unique(name).replaceAll(" ", "-")}@example.com`;

/** Somebody with a workspace of their own; signing up is open where these tests run. */
export async function founder(name: string): Promise<Founder> {
  const [email, workspace] = [address("founder"), unique(name)];
  const body = { email, password: PASSWORD, name: "Fay Founder", workspace_name: workspace, language: "en", time_zone: "Asia/Seoul" };
  const answer = await fetch(`${demo().url}/api/auth/sign-up`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status} from ${answer.url}: ${await answer.text()}`);
  const who = { email, password: PASSWORD };
  return { ...who, workspace, api: await Api.signIn(who) };
}

/** Joins the workspace of whoever invites, with the password of the account. */
export async function join(host: Founder, guest: Credentials, role: string): Promise<void> {
  await host.api.post("/api/invitations", { email: guest.email, role, language: "en" });
  const token = (await mailedLink(host.api, guest.email, "/join")).replace("/join#", "");
  const body = JSON.stringify({ token, password: guest.password, name: "Gil Guest", language: "en", time_zone: "Asia/Seoul" });
  const answer = await fetch(`${demo().url}/api/auth/invitations/accept`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok) throw new Error(`${answer.status} from ${answer.url}: ${await answer.text()}`);
}
