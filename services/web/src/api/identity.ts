/** auth-service: proving who one is. Second factor, step-up, password, address, sessions, workspaces. */
import type { components } from "./auth.generated";
import { answer, client, once, withToken } from "./client";
import type { Answered } from "./passkeys";
import { isProblem } from "./problem";
import { begin, end, replace } from "./session";
import type { Me, Session, Told } from "./types";

type Auth = components["schemas"];

/** How one can prove that it is oneself. */
export type Method = "password" | "totp" | "recovery_code" | "passkey";

export type DeviceSession = Told<Auth["SessionItem"]>;
export type TotpSecret = Told<Auth["AppSecret"]>;

/** Whether the person has confirmed their address. */
export const emailVerified = (person: Me): boolean => person.email_verified;

export interface Challenge {
  ticket: string;
  methods: Method[];
}

/** What a sign-in asks for after the right password, if anything. */
export function challenge(error: unknown): Challenge | null {
  if (!isProblem(error, "second_factor_required") || error.body.ticket === undefined) return null;
  return { ticket: error.body.ticket, methods: error.body.methods ?? ["totp", "recovery_code"] };
}

export async function secondFactor(body: { ticket: string; code: string }): Promise<Session> {
  const session = await answer(client.POST("/api/auth/sign-in/second-factor", { body }));
  begin(session);
  return session;
}

export const stepUp = (body: { password: string } | { code: string } | Answered) => answer(client.POST("/api/auth/step-up", { body }));

export const changePassword = (new_password: string) => answer(client.POST("/api/auth/password", { body: { new_password } }));

export const forgotPassword = (email: string) => answer(client.POST("/api/auth/password/forgot", { body: { email } }));

export const resetPassword = (body: { token: string; new_password: string }) => answer(client.POST("/api/auth/password/reset", { body }));

export const sendVerification = () => answer(client.POST("/api/auth/email/send-verification"));

export const verifyEmail = (token: string) => answer(client.POST("/api/auth/email/verify", { body: { token } }));

export const sessions = () => answer(client.GET("/api/auth/sessions"));

export const endSession = (id: string) => answer(client.DELETE("/api/auth/sessions/{id}", { params: { path: { id } } }));

export const endOtherSessions = () => answer(client.POST("/api/auth/sessions/end-others"));

export const mfa = () => answer(client.GET("/api/auth/mfa"));

export const startTotp = () => answer(client.POST("/api/auth/mfa/totp"));

export const confirmTotp = (code: string) => answer(client.POST("/api/auth/mfa/totp/confirm", { body: { code } }));

export const removeTotp = () => answer(client.DELETE("/api/auth/mfa/totp"));

export const newRecoveryCodes = () => answer(client.POST("/api/auth/mfa/recovery-codes"));

/** A workspace that the caller belongs to. */
export type Workspace = Told<Auth["WorkspaceItem"]>;

export const workspaces = () => answer(client.GET("/api/auth/workspaces"));

const enter = (id: string, token: string): Promise<Session> =>
  answer(client.POST("/api/auth/workspaces/{id}/switch", { params: { path: { id } }, ...withToken(token) }));

export const switchWorkspace = (id: string): Promise<Session> => replace((token) => enter(id, token));

export const createWorkspace = (name: string, key: string): Promise<Session> =>
  replace((token) => {
    const own = withToken(token);
    return answer(client.POST("/api/auth/workspaces", { params: { header: once(key) }, body: { name }, ...own }));
  });

/**
 * Leaves the present workspace, and goes on in the next one or signs out. Leaving ends the session, and an ended one
 * cannot go anywhere: so it goes on first, leaves from there, and comes back when that is refused.
 */
export async function leaveWorkspace(id: string, next: string | null): Promise<void> {
  if (next === null) {
    await answer(client.POST("/api/auth/workspaces/{id}/leave", { params: { path: { id } } }));
    end();
    return;
  }
  let refused: unknown = null;
  await replace(async (token) => {
    const there = await enter(next, token);
    try {
      await answer(client.POST("/api/auth/workspaces/{id}/leave", { params: { path: { id } }, ...withToken(there.access_token) }));
      return there;
    } catch (error) {
      refused = error;
      // Back in where that is still possible; otherwise it has been left after all.
      return enter(id, there.access_token).catch(() => there);
    }
  });
  if (refused !== null) throw refused;
}
