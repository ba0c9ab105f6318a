/** Follows a board's change feed for as long as somebody looks at it. */
import { useEffect, useSyncExternalStore } from "react";
import { isProblem } from "../api/problem";
import { changes } from "../api/tasks";
import type { FeedItem } from "../api/types";
import { mergeChanges, type BoardState } from "../domain/board";
import { keys, queries } from "./queries";

const WAIT_SECONDS = 25;
/** An empty answer faster than this means the server does not wait; then we must. */
const TOO_FAST_MS = 400;

let online = true;
const listeners = new Set<() => void>();
const lastActors = new Map<string, string>();

function setOnline(next: boolean): void {
  if (online === next) return;
  online = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => online);

/** Who changed this task last, as far as the feed has told. */
export const lastActor = (task: string): string | null => lastActors.get(task) ?? null;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}

/** A hidden tab asks nothing; it catches up from its position when it is seen again. */
function visible(signal: AbortSignal): Promise<void> {
  if (document.visibilityState === "visible" || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const check = () => {
      if (document.visibilityState !== "visible" && !signal.aborted) return;
      document.removeEventListener("visibilitychange", check);
      signal.removeEventListener("abort", check);
      resolve();
    };
    document.addEventListener("visibilitychange", check);
    signal.addEventListener("abort", check);
  });
}

function spread(items: readonly FeedItem[]): void {
  for (const item of items) {
    if (item.kind !== "task") continue;
    if (item.actor_id) lastActors.set(item.id, item.actor_id);
    void queries.invalidateQueries({ queryKey: keys.task(item.id) });
    if (item.change === "commented") void queries.invalidateQueries({ queryKey: keys.comments(item.id) });
    void queries.invalidateQueries({ queryKey: keys.history(item.id) });
  }
}

async function follow(id: string, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    await visible(signal);
    const state = queries.getQueryData<BoardState>(keys.board(id));
    if (!state || signal.aborted) return;
    const asked = Date.now();
    try {
      const answer = await changes(id, state.position, WAIT_SECONDS, signal);
      failures = 0;
      setOnline(true);
      queries.setQueryData<BoardState>(keys.board(id), (now) => now && mergeChanges(now, answer));
      spread(answer.items);
      if (answer.items.length === 0 && Date.now() - asked < TOO_FAST_MS) await pause(1000, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (isProblem(error) && [401, 403, 404].includes(error.status)) {
        await queries.invalidateQueries({ queryKey: keys.board(id) });
        return;
      }
      failures += 1;
      if (failures > 1) setOnline(false);
      await pause(Math.min(15_000, 500 * 2 ** failures) * (0.7 + Math.random() * 0.6), signal);
    }
  }
}

/** `ready`: the board has been read, so there is a position to follow from. */
export function useLive(id: string, ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    const stop = new AbortController();
    void follow(id, stop.signal);
    return () => {
      stop.abort();
      setOnline(true);
    };
  }, [id, ready]);
}
