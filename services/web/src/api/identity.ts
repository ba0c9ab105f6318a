/** auth-service: proving who one is. Second factor, step-up, password, address, sessions. */
import type { components } from "./auth.generated";
import { answer, client } from "./client";
import { isProblem } from "./problem";
import { begin } from "./session";
import type { Me, Session, Told } from "./types";

type Auth = components["schemas"];

/** How one can prove that it is oneself. */
export type Method = "password" | "totp" | "recovery_code";

export type DeviceSession = Told<Auth["SessionItem"]>;
export type Mfa = Told<Auth["SecondFactors"]>;
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

export const stepUp = (body: { password: string } | { code: string }) => answer(client.POST("/api/auth/step-up", { body }));

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
