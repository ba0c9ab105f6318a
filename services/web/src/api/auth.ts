/** auth-service: signing in, oneself, the workspace's people and invitations. */
import { untouched } from "../domain/conflict";
import { answer, client, ifMatch, once } from "./client";
import { isProblem } from "./problem";
import { begin, end, updateMe } from "./session";
import type { Language, Me, Role, Session } from "./types";

async function started(call: Promise<Session>): Promise<Session> {
  const session = await call;
  begin(session);
  return session;
}

export const signIn = (body: { email: string; password: string }) =>
  started(answer(client.POST("/api/auth/sign-in", { body })));

export const signUp = (body: { email: string; password: string; name: string; workspace_name: string; language: Language; time_zone: string }) =>
  started(answer(client.POST("/api/auth/sign-up", { body })));

export const beginSignUp = (body: { email: string; language: Language }) => answer(client.POST("/api/auth/sign-up/begin", { body }));

export const completeSignUp = (body: { token: string; password: string; name: string; workspace_name: string; language: Language; time_zone: string }) =>
  started(answer(client.POST("/api/auth/sign-up/complete", { body })));

/** Where the provider that the session came from wants to be told of its end, if it does. */
export async function signOut(): Promise<string | null> {
  try {
    const answered = await answer(client.POST("/api/auth/sign-out"));
    return answered?.end_session_url ?? null;
  } finally {
    end();
  }
}

export const signInOptions = () => answer(client.GET("/api/auth/sign-in-options"));

export const inspectInvitation = (token: string) =>
  answer(client.POST("/api/auth/invitations/inspect", { body: { token } }));

export const acceptInvitation = (body: { token: string; password: string; name?: string; language?: Language; time_zone?: string }) =>
  started(answer(client.POST("/api/auth/invitations/accept", { body })));

export const readMe = () => answer(client.GET("/api/auth/me"));

export type MeEdit = Partial<Pick<Me, "name" | "language" | "time_zone">>;

/** Changes the profile that was seen. What changed meanwhile, such as the picture, stays; the same field is not overwritten. */
export async function editMe(seen: Me, body: MeEdit): Promise<Me> {
  const write = async ({ version }: Me) => {
    const person = await answer(client.PATCH("/api/auth/me", { params: { header: ifMatch(version) }, body }));
    updateMe(person);
    return person;
  };
  try {
    return await write(seen);
  } catch (error) {
    const current = isProblem(error, "version_conflict") ? (error.body.current as unknown as Me | undefined) : undefined;
    if (!current) throw error;
    updateMe(current);
    if (!untouched(seen, current, body)) throw error;
    return write(current);
  }
}

export const members = (cursor?: string) =>
  answer(client.GET("/api/members", { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } }));

export const setRole = (id: string, version: number, role: Role) =>
  answer(client.PATCH("/api/members/{id}", { params: { path: { id }, header: ifMatch(version) }, body: { role } }));

export const removeMember = (id: string, version: number) =>
  answer(client.DELETE("/api/members/{id}", { params: { path: { id }, header: ifMatch(version) } }));

export const invitations = () => answer(client.GET("/api/invitations", { params: { query: { limit: 200 } } }));

export const invite = (body: { email: string; role: Role; language: Language }, key: string) =>
  answer(client.POST("/api/invitations", { params: { header: once(key) }, body }));

export const withdrawInvitation = (id: string, version: number) =>
  answer(client.DELETE("/api/invitations/{id}", { params: { path: { id }, header: ifMatch(version) } }));
