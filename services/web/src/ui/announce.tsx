/** Says things to screen readers without showing them. */
import { useSyncExternalStore } from "react";

let message = { text: "", turn: 0 };
const listeners = new Set<() => void>();

/** The same words twice are said twice: the two regions take turns. */
export function announce(text: string): void {
  message = { text, turn: message.turn + 1 };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Announcer() {
  const { text, turn } = useSyncExternalStore(subscribe, () => message);
  return (
    <>
      <div className="sr-only" aria-live="assertive" data-testid="announcer">{turn % 2 === 0 ? text : ""}</div>
      <div className="sr-only" aria-live="assertive" data-testid="announcer">{turn % 2 === 1 ? text : ""}</div>
    </>
  );
}
