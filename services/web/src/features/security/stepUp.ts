/**
 * Dangerous calls need a fresh proof that it is still the same person at the keyboard. `confirmed` makes such a
 * call; when the service wants the proof first, it has the question asked, and then makes the call again.
 */
import { useSyncExternalStore } from "react";
import type { Method } from "../../api/identity";
import { isProblem } from "../../api/problem";
import type { Dictionary } from "../../i18n";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

/** Who was asked would rather not: nothing happened, and there is nothing to complain about. */
export class Declined extends Error {
  constructor() {
    super("declined");
    this.name = "Declined";
  }
}

export const isDeclined = (error: unknown): boolean => error instanceof Declined;

/** Says why a dangerous call failed; a declined one did not fail. */
export function complain(error: unknown, t: Dictionary): void {
  if (!isDeclined(error)) toast(explain(error, t), { tone: "bad" });
}

/** Puts the question; true when the proof was given. */
export type Ask = (methods: Method[]) => Promise<boolean>;

export async function withProof<T>(call: () => Promise<T>, ask: Ask): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isProblem(error, "step_up_required")) throw error;
    if (!(await ask(error.body.methods ?? ["password"]))) throw new Declined();
    // Once: a service that asks again after the proof is at fault, and is told as such.
    return call();
  }
}

/** A question on screen. Calls that need the proof at the same time share it. */
export interface Question {
  methods: Method[];
  answer: (proved: boolean) => void;
}

let pending: { question: Question; answered: Promise<boolean> } | null = null;
const listeners = new Set<() => void>();

function show(next: typeof pending): void {
  pending = next;
  for (const listener of listeners) listener();
}

export const askOnScreen: Ask = (methods) => {
  if (pending) return pending.answered;
  let settle: (proved: boolean) => void = () => undefined;
  const answered = new Promise<boolean>((resolve) => (settle = resolve));
  const answer = (proved: boolean) => {
    show(null);
    settle(proved);
  };
  show({ question: { methods, answer }, answered });
  return answered;
};

/** The call, after proof where the service wants one; rejects with `Declined` when it is not given. */
export const confirmed = <T>(call: () => Promise<T>): Promise<T> => withProof(call, askOnScreen);

export const currentQuestion = (): Question | null => pending?.question ?? null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useQuestion = (): Question | null => useSyncExternalStore(subscribe, currentQuestion);
