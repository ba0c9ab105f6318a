/** Moves made here: shown at once, sent in order per card, and simply no longer shown when refused. */
import { useSyncExternalStore } from "react";
import { isProblem } from "../api/problem";
import { moveTask } from "../api/tasks";
import type { Anchor, Card } from "../api/types";
import type { BoardState, PendingMove } from "../domain/board";
import { text } from "../i18n";
import { announce } from "../ui/announce";
import { toast } from "../ui/toast";
import { adoptTask, keys, queries } from "./queries";

let pending: readonly PendingMove[] = [];
const listeners = new Set<() => void>();
const tails = new Map<string, Promise<number>>();

function set(list: readonly PendingMove[]): void {
  pending = list;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const usePendingMoves = (): readonly PendingMove[] => useSyncExternalStore(subscribe, () => pending);

function refused(card: Card, board: string, error: unknown): void {
  const t = text();
  if (isProblem(error, "version_conflict")) {
    if (error.body.current) adoptTask(error.body.current);
    toast(t.board.moveBeaten(card.title), { tone: "bad" });
    return;
  }
  toast(t.board.moveFailed(card.title), { tone: "bad" });
  announce(t.board.moveFailed(card.title));
  // After anything but silence the picture here may be wrong, not only the wish.
  if (!isProblem(error) || error.status !== 0) void queries.invalidateQueries({ queryKey: keys.board(board) });
}

async function send(board: string, card: Card, move: PendingMove, version: number): Promise<number> {
  try {
    const task = await moveTask(card.id, version, { column_id: move.column_id, ...move.anchor });
    adoptTask(task);
    return task.version;
  } catch (error) {
    refused(card, board, error);
    return queries.getQueryData<BoardState>(keys.board(board))?.cards.get(card.id)?.version ?? version;
  } finally {
    set(pending.filter((other) => other !== move));
  }
}

/** Moves a card beside its anchor. A second move of the same card waits for the first and builds on its version. */
export function move(board: string, card: Card, column: string, anchor: Anchor): Promise<void> {
  const entry: PendingMove = { id: card.id, column_id: column, anchor };
  set([...pending, entry]);
  const before = tails.get(card.id) ?? Promise.resolve(0);
  const tail = before.then((version) => send(board, card, entry, Math.max(version, card.version)));
  tails.set(card.id, tail);
  return tail.then(() => {
    if (tails.get(card.id) === tail) tails.delete(card.id);
  });
}
