/** One typed client for all services: adds the token, refreshes it once on 401, and throws problems. */
import createClient from "openapi-fetch";
import { asProblem, unreachable } from "./problem";
import type { paths, Told } from "./types";
import { accessToken, me, refresh, samePlace } from "./session";

/** Routes that a token neither helps nor should delay. */
const OPEN = [
  "/api/auth/sign-in", "/api/auth/sign-up", "/api/auth/invitations/",
  "/api/auth/password/forgot", "/api/auth/password/reset", "/api/auth/email/verify",
  "/api/auth/passkeys/", "/api/auth/external/complete",
];

async function authorised(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  // Shows that no form on another site started the request, which counts where the refresh cookie goes along.
  request.headers.set("X-Onus-Client", "web");
  if (OPEN.some((open) => pathname.startsWith(open))) return fetch(request);
  const again = request.clone();
  const [token, person] = [accessToken(), me()];
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  const first = await fetch(request);
  if (first.status !== 401) return first;
  const session = await refresh(token);
  // What was meant for one workspace is never repeated in another.
  if (!session || (person && !samePlace(person, session.person))) return first;
  again.headers.set("Authorization", `Bearer ${session.access_token}`);
  return fetch(again);
}

export const client = createClient<paths>({ baseUrl: "", fetch: authorised });

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body, or a thrown `Problem`. */
export async function answer<T>(call: Promise<Answered<T>>): Promise<Told<T>> {
  let result: Answered<T>;
  try {
    result = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    if (error instanceof TypeError) throw unreachable();
    throw error;
  }
  if (!result.response.ok) throw asProblem(result.response.status, result.error, result.response);
  return result.data as Told<T>;
}

/** For a call with a token of its own, which is neither refreshed nor repeated. */
export const withToken = (token: string) => ({
  fetch: (request: Request) => fetch(request),
  headers: { Authorization: `Bearer ${token}`, "X-Onus-Client": "web" },
});

/** The header that says which version the writer has seen. */
export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });

/** The header that makes a retried creation the same creation. */
export const once = (key: string = crypto.randomUUID()) => ({ "Idempotency-Key": key });
