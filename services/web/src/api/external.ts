/** auth-service: signing in by somebody else who knows the person (OpenID Connect). */
import { answer, client } from "./client";
import { begin } from "./session";

/** A plain link: the browser goes there by itself, and comes back to `/sign-in/external`. */
export const startAddress = (provider: string, returnTo: string): string =>
  `/api/auth/external/${encodeURIComponent(provider)}/start?return_to=${encodeURIComponent(returnTo)}`;

/** Completes what the provider sent the browser back from: a sign-in, or a linking. */
export async function completeExternal() {
  const done = await answer(client.POST("/api/auth/external/complete", { params: { header: { "X-Onus-Client": "web" } }, body: {} }));
  if (done.session) begin(done.session);
  return done;
}

export const identities = () => answer(client.GET("/api/auth/external/identities"));

export const linkIdentity = (provider: string, return_to: string) =>
  answer(client.POST("/api/auth/external/{provider}/link", { params: { path: { provider } }, body: { return_to } }));

export const unlinkIdentity = (id: string) => answer(client.DELETE("/api/auth/external/identities/{id}", { params: { path: { id } } }));
