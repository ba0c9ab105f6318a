/** Signing in and proving with a passkey: the service's options, the device's answer, the service's word on it. */
import { useEffect, useRef, type ReactNode } from "react";
import { stepUp } from "../../api/identity";
import { addPasskey, beginAdding, beginProof, beginSignIn, signInByPasskey } from "../../api/passkeys";
import { isProblem } from "../../api/problem";
import type { Session } from "../../api/types";
import { passkeyFault } from "../../domain/passkeyFault";
import { useText } from "../../i18n";
import { askPasskey, makePasskey, offersInField } from "../../state/passkey";
import { useRefusal } from "../../ui/refusal";
import { confirmed, isDeclined } from "./stepUp";

/** A ceremony ends after five minutes; what waits longer is begun anew before. */
const FRESH = 4 * 60_000;

export async function signInWith({ ticket, signal, inField = false }: { ticket?: string; signal?: AbortSignal; inField?: boolean } = {}): Promise<Session> {
  const { ceremony, options } = await beginSignIn(ticket);
  signal?.throwIfAborted();
  return signInByPasskey({ ceremony, credential: await askPasskey(options, { signal, inField }) });
}

export async function proveWith(): Promise<void> {
  const { ceremony, options } = await beginProof();
  await stepUp({ ceremony, credential: await askPasskey(options) });
}

export async function addWith(name: string) {
  const { ceremony, options } = await confirmed(beginAdding);
  const credential = await makePasskey(options);
  return confirmed(() => addPasskey({ ceremony, name, credential }));
}

/** What to say about a passkey that was not used; waiting that is asked for holds the form. */
export function usePasskeyFault(error: unknown): { told: ReactNode | undefined; held: boolean } {
  const t = useText();
  const fault = passkeyFault(error);
  const refusal = useRefusal(fault || isDeclined(error) ? null : error);
  if (fault === "aborted" || fault === null) return refusal;
  return { told: t.passkeys[fault], held: false };
}

/**
 * Offers passkeys in the address field for as long as `on`. Choosing one there is all it takes; not choosing any
 * disturbs nobody, and neither does a service or a browser that cannot.
 */
export function usePasskeyInField(on: boolean, done: () => void, refused: (error: unknown) => void): void {
  const then = useRef({ done, refused });
  useEffect(() => {
    then.current = { done, refused };
  });
  useEffect(() => {
    if (!on) return;
    const leaving = new AbortController();
    const offer = async () => {
      if (!(await offersInField())) return;
      while (!leaving.signal.aborted) {
        const stale = new AbortController();
        const timer = setTimeout(() => stale.abort(), FRESH);
        try {
          await signInWith({ signal: AbortSignal.any([leaving.signal, stale.signal]), inField: true });
          then.current.done();
          return;
        } catch (error) {
          if (leaving.signal.aborted) return;
          if (stale.signal.aborted) continue;
          // Chosen, and not accepted: that is worth a word. That nothing could be offered is not.
          if (isProblem(error) && error.status === 401) then.current.refused(error);
          return;
        } finally {
          clearTimeout(timer);
        }
      }
    };
    void offer();
    return () => leaving.abort();
  }, [on]);
}
