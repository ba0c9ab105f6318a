/**
 * Who is signed in. The access token lives in this module's memory and nowhere else; the refresh cookie is
 * the browser's alone. Refreshing rotates that cookie, so only one tab may do it at a time: tabs queue on a
 * lock and hand each other the fresh session, and a tab that finds a newer token uses it instead.
 */
import { useSyncExternalStore } from "react";
import { asProblem, isProblem } from "./problem";
import type { Me, Session } from "./types";

const HINT = "onus.signed-in";
type Message = { kind: "session"; session: Session } | { kind: "signed-out" };

let current: Session | null = null;
let refreshing: Promise<Session | null> | null = null;
const listeners = new Set<() => void>();
const movers = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("onus-session");

/** Whether both are the same person in the same workspace: only then does the one's page hold what is the other's. */
export const samePlace = (a: Me, b: Me): boolean => a.id === b.id && a.workspace.id === b.workspace.id;

function set(session: Session | null): void {
  const moved = current !== null && session !== null && !samePlace(current.person, session.person);
  current = session;
  try {
    if (session) localStorage.setItem(HINT, "1");
    else localStorage.removeItem(HINT);
  } catch {
    // Without storage the next visit merely asks the server once more.
  }
  if (moved) for (const mover of movers) mover();
  for (const listener of listeners) listener();
}

channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
  const other = data.kind === "session" ? data.session.person : null;
  if (current && !(other && samePlace(current.person, other))) {
    // Under the shared cookie is somebody else, or nobody, or another workspace: nothing on this page belongs there.
    location.assign("/");
    return;
  }
  if (data.kind === "session") set(data.session);
});

export const accessToken = (): string | null => current?.access_token ?? null;
export const me = (): Me | null => current?.person ?? null;

/** Calls back when the session goes on in another workspace, or as somebody else, before any page is drawn anew. */
export function onMove(mover: () => void): void {
  movers.add(mover);
}

/** Signed in, or joined: every tab learns of it. */
export function begin(session: Session): void {
  set(session);
  channel?.postMessage({ kind: "session", session } satisfies Message);
}

/** Signed out, or found to be. */
export function end(): void {
  set(null);
  channel?.postMessage({ kind: "signed-out" } satisfies Message);
}

/** The person changed their own name, language or time zone. */
export function updateMe(person: Me): void {
  if (current) begin({ ...current, person });
}

async function rotate(stale: string | null): Promise<Session | null> {
  if (current && current.access_token !== stale) return current;
  const response = await fetch("/api/auth/refresh", {
    method: "POST",
    headers: { Accept: "application/json", "X-Onus-Client": "web" },
  });
  if (response.ok) {
    const session = (await response.json()) as Session;
    if (current && !samePlace(current.person, session.person)) {
      // Another tab moved on and its word has not arrived here. Nobody waits for an answer on a page that is being left.
      location.assign("/");
      return new Promise(() => undefined);
    }
    begin(session);
    return session;
  }
  if (response.status === 401 || response.status === 403) {
    if (current) end();
    else set(null);
    return null;
  }
  throw asProblem(response.status, await response.json().catch(() => null), response);
}

/** Only one tab at a time does what changes the cookie. */
const alone = async <T>(run: () => Promise<T>): Promise<T> =>
  typeof navigator.locks === "undefined" ? run() : navigator.locks.request("onus-refresh", run);

/** A session whose token is not `stale`; null when there is none to be had. */
export function refresh(stale: string | null): Promise<Session | null> {
  refreshing ??= alone(() => rotate(stale)).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/**
 * Goes on with the session that a call answers. No tab refreshes meanwhile: the cookie of the session that ends
 * would be refused, or overwrite the new one. The call itself must not refresh either, as it would wait for itself;
 * it gets the token to use, and is made again when that one was too old.
 */
export async function replace(call: (token: string) => Promise<Session>): Promise<Session> {
  const stale = accessToken();
  const attempt = () =>
    alone(async () => {
      const session = await call(accessToken() ?? "");
      begin(session);
      return session;
    });
  try {
    return await attempt();
  } catch (error) {
    if (!isProblem(error) || error.status !== 401 || !(await refresh(stale))) throw error;
    return attempt();
  }
}

/** On arrival: whoever the cookie says we are. Asks only when somebody was signed in here before. */
export async function restore(): Promise<Session | null> {
  if (current) return current;
  try {
    if (localStorage.getItem(HINT) === null) return null;
  } catch {
    // Storage is forbidden: ask.
  }
  return refresh(null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useMaybeMe = (): Me | null => useSyncExternalStore(subscribe, me);

/** Whether the workspace wants a second step of signing in, and this person has none: nothing else is to be had until then. */
const secondFactorNeeded = (): boolean => current?.second_factor_needed === true || current?.person.second_factor_needed === true;
export const useSecondFactorNeeded = (): boolean => useSyncExternalStore(subscribe, secondFactorNeeded);

/** The signed-in person; only for use below the signed-in layout. */
export function useMe(): Me {
  const person = useMaybeMe();
  // Signing out unmounts the layout one render later; until then the last person stays on screen.
  if (person) last = person;
  if (!last) throw new Error("nobody is signed in");
  return person ?? last;
}
let last: Me | null = null;
