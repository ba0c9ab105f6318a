/** auth-service: passkeys. The service makes the options and judges the answer; the browser and its device do the rest. */
import { answer, client } from "./client";
import { begin } from "./session";
import type { Session } from "./types";

/** What a device said to the options of a ceremony. */
export interface Answered {
  ceremony: string;
  credential: PublicKeyCredentialJSON;
}

/** The document says of options only that they are an object: browsers know what is in it. */
interface Begun<Options> {
  ceremony: string;
  options: Options;
}
type Asked = Begun<PublicKeyCredentialRequestOptionsJSON>;

export const beginAdding = async () =>
  (await answer(client.POST("/api/auth/mfa/passkeys/begin"))) as Begun<PublicKeyCredentialCreationOptionsJSON>;

export const addPasskey = (body: Answered & { name: string }) => answer(client.POST("/api/auth/mfa/passkeys", { body }));

export const removePasskey = (id: string) => answer(client.DELETE("/api/auth/mfa/passkeys/{id}", { params: { path: { id } } }));

/** For anybody's passkey, or with the ticket of a first step for those of one person. */
export const beginSignIn = async (ticket?: string) =>
  (await answer(client.POST("/api/auth/passkeys/begin", { body: ticket === undefined ? {} : { ticket } }))) as Asked;

export async function signInByPasskey(body: Answered): Promise<Session> {
  const session = await answer(client.POST("/api/auth/passkeys/sign-in", { body }));
  begin(session);
  return session;
}

export const beginProof = async () => (await answer(client.POST("/api/auth/step-up/passkey"))) as Asked;
