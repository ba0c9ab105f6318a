/**
 * A board as the app holds it: what the server said, kept apart from what this browser has moved but not
 * yet heard back about. The two are laid over each other only to be drawn, so a refused move needs no undo.
 */
import type { Anchor, Board, Card, Changes, Column, Task } from "../api/types";

export interface BoardState {
  id: string;
  name: string;
  version: number;
  position: number;
  deleted: boolean;
  columns: readonly Column[];
  cards: ReadonlyMap<string, Card>;
  /** Cards known to be deleted, by the version that deleted them: a late answer must not revive one. */
  gone: ReadonlyMap<string, number>;
}

/** A move on its way to the server. */
export interface PendingMove {
  id: string;
  column_id: string;
  anchor: Anchor;
}

/** Ranks are ordered by code unit, as the database orders them; never by locale. */
export function byRank(a: { rank: string; id: string }, b: { rank: string; id: string }): number {
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

export function boardState(board: Board): BoardState {
  return {
    id: board.id,
    name: board.name,
    version: board.version,
    position: board.position,
    deleted: false,
    columns: [...board.columns].sort(byRank),
    cards: new Map(board.cards.map((card) => [card.id, card])),
    gone: new Map(),
  };
}

interface Draft {
  columns: Map<string, Column>;
  cards: Map<string, Card>;
  gone: Map<string, number>;
}

function mergeCard(draft: Draft, id: string, version: number, card: Card | null | undefined): void {
  const known = draft.cards.get(id)?.version ?? draft.gone.get(id) ?? 0;
  if ((card?.version ?? version) <= known) return;
  if (card) {
    draft.cards.set(id, card);
    draft.gone.delete(id);
  } else {
    draft.cards.delete(id);
    draft.gone.set(id, version);
  }
}

function mergeColumn(draft: Draft, id: string, column: Column | null | undefined): void {
  if (!column) draft.columns.delete(id);
  else if ((draft.columns.get(id)?.version ?? 0) < column.version) draft.columns.set(id, column);
}

/** Lays what the feed brought over the board; versions that are already known change nothing. */
export function mergeChanges(state: BoardState, changes: Changes): BoardState {
  const fresh = changes.items.filter((item) => item.position > state.position);
  const position = Math.max(state.position, changes.position);
  if (fresh.length === 0) return position === state.position ? state : { ...state, position };
  const draft: Draft = {
    columns: new Map(state.columns.map((column) => [column.id, column])),
    cards: new Map(state.cards),
    gone: new Map(state.gone),
  };
  let { name, version, deleted } = state;
  for (const item of fresh) {
    if (item.kind === "task") mergeCard(draft, item.id, item.version, item.card);
    else if (item.kind === "column") mergeColumn(draft, item.id, item.column);
    else if (item.kind === "board" && item.version > version) {
      version = item.version;
      deleted = !item.board;
      name = item.board?.name ?? name;
    }
  }
  const columns = [...draft.columns.values()].sort(byRank);
  return { ...state, name, version, deleted, position, columns, cards: draft.cards, gone: draft.gone };
}

/** The answer to this browser's own write, which is usually here before the feed tells of it. */
export function mergeTask(state: BoardState, task: Task): BoardState {
  const known = state.cards.get(task.id);
  const draft: Draft = { columns: new Map(), cards: new Map(state.cards), gone: new Map(state.gone) };
  mergeCard(draft, task.id, task.version, task.deleted_at ? null : cardOf(task, known?.comments ?? 0));
  return { ...state, cards: draft.cards, gone: draft.gone };
}

export function mergeColumns(state: BoardState, id: string, column: Column | null): BoardState {
  const draft: Draft = { columns: new Map(state.columns.map((c) => [c.id, c])), cards: new Map(), gone: new Map() };
  mergeColumn(draft, id, column);
  return { ...state, columns: [...draft.columns.values()].sort(byRank) };
}

function cardOf(task: Task, comments: number): Card {
  const { id, column_id, rank, title, pic_id, deadline, priority, labels, version } = task;
  const has_description = task.description !== "";
  return { id, column_id, rank, title, pic_id, deadline, priority, labels, version, comments, has_description };
}

/** Puts `card` into `list` beside its anchor; without one, or when the anchor is gone, at the end. */
export function place<T extends { id: string }>(list: readonly T[], card: T, anchor: Anchor): T[] {
  const rest = list.filter((other) => other.id !== card.id);
  const target = anchor.before ?? anchor.after ?? undefined;
  const found = target === undefined ? -1 : rest.findIndex((other) => other.id === target);
  const at = found < 0 ? rest.length : anchor.before === undefined ? found + 1 : found;
  return [...rest.slice(0, at), card, ...rest.slice(at)];
}

/** The cards of every column in the order to draw, with the pending moves applied. */
export function lanes(state: BoardState, pending: readonly PendingMove[] = []): Map<string, Card[]> {
  const result = new Map<string, Card[]>(state.columns.map((column) => [column.id, []]));
  for (const card of state.cards.values()) result.get(card.column_id)?.push(card);
  for (const list of result.values()) list.sort(byRank);
  for (const move of pending) {
    const card = state.cards.get(move.id);
    const target = result.get(move.column_id);
    if (!card || !target) continue;
    for (const [column, list] of result) {
      if (column !== move.column_id && list.some((other) => other.id === card.id)) {
        result.set(column, list.filter((other) => other.id !== card.id));
      }
    }
    result.set(move.column_id, place(target, { ...card, column_id: move.column_id }, move.anchor));
  }
  return result;
}

/** The anchor that says "at `index`" in a list that does not hold the moved card. */
export function anchorAt(list: readonly { id: string }[], index: number): Anchor {
  const previous = list[index - 1];
  const next = list[index];
  if (previous) return { after: previous.id };
  return next ? { before: next.id } : {};
}
