/** On the way from one workspace to another: the page that is being left is not worked on any more. */
import { useSyncExternalStore } from "react";

let moving = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  moving = next;
  for (const listener of listeners) listener();
}

/** Makes the move, unless one is under way. */
export async function move(make: () => Promise<unknown>): Promise<void> {
  if (moving) return;
  set(true);
  try {
    await make();
  } finally {
    set(false);
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useMoving = (): boolean => useSyncExternalStore(subscribe, () => moving);
