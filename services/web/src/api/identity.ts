/**
 * auth-service: proving who one is. Second factor, step-up, password, address, sessions.
 *
 * The routes are typed by hand below until the service's OpenAPI document has them; then `client` takes the
 * place of `identity`, and the types come from it too. The calls stay as they are.
 */
import type { Client } from "openapi-fetch";
import { answer, client } from "./client";
import { isProblem } from "./problem";
import { begin } from "./session";
import type { Me, Session } from "./types";

/** How one can prove that it is oneself. */
export type Method = "password" | "totp" | "recovery_code";

/** How long a proof counts. */
export interface Proof {
  proved_at: string;
  valid_until: string;
}

/** A session of one's own, on this device or another. */
export interface DeviceSession {
  id: string;
  /** Like "Chrome · macOS"; empty when it is not known. */
  device: string;
  /** The network, like "203.0.113.0/24"; empty when it is not known. */
  place: string;
  created_at: string;
  last_used_at: string;
  current: boolean;
  workspace: { id: string; name: string };
}

export interface Mfa {
  totp: { enabled: boolean; enabled_at: string | null };
  recovery_codes_left: number;
}

export interface TotpSecret {
  /** BASE32. */
  secret: string;
  /** The same for a camera: `otpauth://totp/…`. */
  uri: string;
}

export interface RecoveryCodes {
  recovery_codes: string[];
}

type Headers = Record<string, unknown>;
type Told<Answer> = { 200: { headers: Headers; content: { "application/json": Answer } } };
/** Nothing is said: 202 or 204. */
type Quiet = { 204: { headers: Headers; content?: never } };
interface NoParameters {
  query?: never;
  header?: never;
  path?: never;
  cookie?: never;
}
interface Takes<Body, Responses> {
  parameters: NoParameters;
  requestBody: { content: { "application/json": Body } };
  responses: Responses;
}
interface Plain<Responses> {
  parameters: NoParameters;
  requestBody?: never;
  responses: Responses;
}
interface OfOne<Responses> {
  parameters: { query?: never; header?: never; path: { id: string }; cookie?: never };
  requestBody?: never;
  responses: Responses;
}

interface IdentityPaths {
  "/api/auth/sign-in/second-factor": { parameters: NoParameters; post: Takes<{ ticket: string; code: string }, Told<Session>> };
  "/api/auth/step-up": { parameters: NoParameters; post: Takes<{ password: string } | { code: string }, Told<Proof>> };
  "/api/auth/password": { parameters: NoParameters; post: Takes<{ new_password: string }, Quiet> };
  "/api/auth/password/forgot": { parameters: NoParameters; post: Takes<{ email: string }, Quiet> };
  "/api/auth/password/reset": { parameters: NoParameters; post: Takes<{ token: string; new_password: string }, Quiet> };
  "/api/auth/email/send-verification": { parameters: NoParameters; post: Plain<Quiet> };
  "/api/auth/email/verify": { parameters: NoParameters; post: Takes<{ token: string }, Quiet> };
  "/api/auth/sessions": { parameters: NoParameters; get: Plain<Told<{ items: DeviceSession[]; next: null }>> };
  "/api/auth/sessions/{id}": { parameters: NoParameters; delete: OfOne<Quiet> };
  "/api/auth/sessions/end-others": { parameters: NoParameters; post: Plain<Told<{ ended: number }>> };
  "/api/auth/mfa": { parameters: NoParameters; get: Plain<Told<Mfa>> };
  "/api/auth/mfa/totp": { parameters: NoParameters; post: Plain<Told<TotpSecret>>; delete: Plain<Quiet> };
  "/api/auth/mfa/totp/confirm": { parameters: NoParameters; post: Takes<{ code: string }, Told<RecoveryCodes>> };
  "/api/auth/mfa/recovery-codes": { parameters: NoParameters; post: Plain<Told<RecoveryCodes>> };
}

const identity = client as unknown as Client<IdentityPaths>;

/** Whether the person has confirmed their address; a service that does not say so yet asks nobody to. */
export const emailVerified = (person: Me): boolean => (person as Me & { email_verified?: boolean }).email_verified !== false;

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
  const session = await answer(identity.POST("/api/auth/sign-in/second-factor", { body }));
  begin(session);
  return session;
}

export const stepUp = (body: { password: string } | { code: string }) => answer(identity.POST("/api/auth/step-up", { body }));

export const changePassword = (new_password: string) => answer(identity.POST("/api/auth/password", { body: { new_password } }));

export const forgotPassword = (email: string) => answer(identity.POST("/api/auth/password/forgot", { body: { email } }));

export const resetPassword = (body: { token: string; new_password: string }) => answer(identity.POST("/api/auth/password/reset", { body }));

export const sendVerification = () => answer(identity.POST("/api/auth/email/send-verification"));

export const verifyEmail = (token: string) => answer(identity.POST("/api/auth/email/verify", { body: { token } }));

export const sessions = () => answer(identity.GET("/api/auth/sessions"));

export const endSession = (id: string) => answer(identity.DELETE("/api/auth/sessions/{id}", { params: { path: { id } } }));

export const endOtherSessions = () => answer(identity.POST("/api/auth/sessions/end-others"));

export const mfa = () => answer(identity.GET("/api/auth/mfa"));

export const startTotp = () => answer(identity.POST("/api/auth/mfa/totp"));

export const confirmTotp = (code: string) => answer(identity.POST("/api/auth/mfa/totp/confirm", { body: { code } }));

export const removeTotp = () => answer(identity.DELETE("/api/auth/mfa/totp"));

export const newRecoveryCodes = () => answer(identity.POST("/api/auth/mfa/recovery-codes"));
