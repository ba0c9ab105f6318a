/**
 * Walking and moving by keyboard. One card is the board's tab stop; arrows go from card to card. Space or
 * `m` picks a card up, arrows carry it, Enter drops it, Escape puts it back; every step is announced.
 */
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Card, Column } from "../../api/types";
import { anchorAt, type PendingMove } from "../../domain/board";
import { useText } from "../../i18n";
import { move } from "../../state/moves";
import { sequenceBegun, shortcutsOn } from "../../state/shortcuts";
import { announce } from "../../ui/announce";

export interface Carry {
  card: Card;
  column: string;
  /** Where in the column, counted without the card itself. */
  index: number;
}

interface Board {
  id: string;
  columns: readonly Column[];
  /** What is drawn, by column, without the carried card's preview. */
  shown: ReadonlyMap<string, readonly Card[]>;
  mayMove: (card: Card) => boolean;
}

const STEPS: Record<string, readonly [across: number, along: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

const clamp = (value: number, max: number) => Math.max(0, Math.min(value, max));

function find(board: Board, id: string) {
  for (const [column, cards] of board.shown) {
    const index = cards.findIndex((card) => card.id === id);
    const card = cards[index];
    if (card) return { column, cards, index, card };
  }
  return null;
}

/** The place one step away; across skips empty columns when walking, but not when carrying. */
function step(board: Board, from: { column: string; index: number }, [across, along]: readonly [number, number], without?: string) {
  const lists = board.columns.map((column) => (board.shown.get(column.id) ?? []).filter((card) => card.id !== without));
  let at = board.columns.findIndex((column) => column.id === from.column);
  const last = (list: readonly Card[]) => (without ? list.length : list.length - 1);
  if (across === 0) return { column: from.column, index: clamp(from.index + along, last(lists[at] ?? [])) };
  for (at += across; at >= 0 && at < lists.length; at += across) {
    const list = lists[at] ?? [];
    if (without || list.length > 0) return { column: board.columns[at]?.id ?? from.column, index: clamp(from.index, last(list)) };
  }
  return null;
}

/** What the carried card looks like on the board: a move that is not sent yet. */
export function preview(carry: Carry, shown: ReadonlyMap<string, readonly Card[]>): PendingMove {
  const others = (shown.get(carry.column) ?? []).filter((card) => card.id !== carry.card.id);
  return { id: carry.card.id, column_id: carry.column, anchor: anchorAt(others, carry.index) };
}

/**
 * Focus follows the card. A move takes its element out of one list and puts a new one into another, perhaps
 * more than once (carried, sent, confirmed), so the wish stands until the person does something else.
 */
function useFocusCard() {
  const wanted = useRef<string | null>(null);
  const [reveal, setReveal] = useState(0);
  const focusCard = useCallback((id: string) => {
    wanted.current = id;
    setReveal((turn) => turn + 1);
  }, []);
  useEffect(() => {
    const forget = () => {
      wanted.current = null;
    };
    // While capturing: whatever the key does then may wish anew.
    window.addEventListener("keydown", forget, true);
    window.addEventListener("pointerdown", forget, true);
    return () => {
      window.removeEventListener("keydown", forget, true);
      window.removeEventListener("pointerdown", forget, true);
    };
  }, []);
  useEffect(() => {
    let tries = 0;
    let frame = 0;
    const attempt = () => {
      const id = wanted.current;
      if (id === null) return;
      const element = document.querySelector<HTMLElement>(`[data-card="${id}"]`);
      if (element === document.activeElement && element) return;
      if (element) {
        element.focus();
        element.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else if (tries++ < 20) frame = requestAnimationFrame(attempt);
    };
    attempt();
    return () => cancelAnimationFrame(frame);
  });
  return { focusCard, reveal };
}

export function useCarry(board: Board) {
  const t = useText();
  const [carry, setCarry] = useState<Carry | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const { focusCard, reveal } = useFocusCard();
  const name = (id: string) => board.columns.find((column) => column.id === id)?.name ?? "";
  const others = (c: Carry) => (board.shown.get(c.column) ?? []).filter((card) => card.id !== c.card.id);

  const grab = (id: string) => {
    const found = find(board, id);
    if (!found) return;
    if (!board.mayMove(found.card)) return announce(t.board.cannotMove);
    setCarry({ card: found.card, column: found.column, index: found.index });
    announce(t.board.grabbed(found.card.title, name(found.column), found.index + 1, found.cards.length));
  };
  const cancel = () => {
    if (!carry) return;
    setCarry(null);
    announce(t.board.dropCancelled(carry.card.title));
  };
  const drop = (held: Carry) => {
    const origin = find(board, held.card.id);
    const moved = origin?.column !== held.column || origin.index !== held.index;
    if (moved) void move(board.id, held.card, held.column, anchorAt(others(held), held.index));
    setCarry(null);
    focusCard(held.card.id);
    announce(t.board.dropped(held.card.title, name(held.column), held.index + 1));
  };
  const carryTo = (held: Carry, key: readonly [number, number]) => {
    const target = step(board, held, key, held.card.id);
    if (!target) return;
    const next = { ...held, ...target };
    setCarry(next);
    focusCard(held.card.id);
    announce(t.board.at(name(next.column), next.index + 1, others(next).length + 1));
  };
  const walk = (id: string, key: readonly [number, number]) => {
    const from = find(board, id);
    const target = from && step(board, from, key);
    const card = target && board.shown.get(target.column)?.[target.index];
    if (!card) return;
    setFocused(card.id);
    focusCard(card.id);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).dataset["card"];
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = STEPS[event.key];
    const lifts = event.key === " " || (shortcutsOn() && !sequenceBegun() && (event.code === "KeyM" || event.key === "m") && !event.shiftKey);
    if (carry) {
      if (direction) carryTo(carry, direction);
      else if (event.key === "Enter" || lifts) drop(carry);
      else if (event.key === "Escape" || event.key === "Tab") {
        cancel();
        focusCard(carry.card.id);
        if (event.key === "Tab") return;
      } else return;
    } else if (direction) walk(id, direction);
    else if (lifts) grab(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocus = (event: React.FocusEvent) => {
    const id = (event.target as HTMLElement).dataset["card"];
    if (id !== undefined) setFocused(id);
  };
  const first = board.columns.map((column) => board.shown.get(column.id)?.[0]).find(Boolean)?.id ?? null;
  const focusId = focused !== null && find(board, focused) ? focused : first;
  return { carry, focusId, focusCard, reveal, handlers: { onKeyDown, onFocus, onPointerDown: cancel } };
}
