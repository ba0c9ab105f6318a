/** Turns the end of a drag into a move. */
import { extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useRef, type RefObject } from "react";
import type { Anchor, Card, Column } from "../../api/types";
import { place } from "../../domain/board";
import { useText } from "../../i18n";
import { move } from "../../state/moves";
import { announce } from "../../ui/announce";

interface Board {
  id: string;
  columns: readonly Column[];
  cards: ReadonlyMap<string, Card>;
  shown: ReadonlyMap<string, readonly Card[]>;
}

interface Target {
  data: Record<string | symbol, unknown>;
}

/** The innermost target decides: beside a card, or at the end of a column. */
function destination(targets: readonly Target[], shown: Board["shown"], dragged: string): { column: string; anchor: Anchor } | null {
  const data = targets[0]?.data;
  if (!data || typeof data["column"] !== "string") return null;
  const column = data["column"];
  if (data["kind"] === "card" && typeof data["id"] === "string") {
    return { column, anchor: extractClosestEdge(data) === "top" ? { before: data["id"] } : { after: data["id"] } };
  }
  const last = (shown.get(column) ?? []).filter((card) => card.id !== dragged).at(-1);
  return { column, anchor: last ? { after: last.id } : {} };
}

export function usePointerMoves(board: Board, scroller: RefObject<HTMLElement | null>): void {
  const t = useText();
  const latest = useRef({ board, t });
  useEffect(() => {
    latest.current = { board, t };
  });
  useEffect(() => {
    const element = scroller.current;
    return combine(
      monitorForElements({
        canMonitor: ({ source }) => source.data["kind"] === "card",
        onDrop: ({ source, location }) => {
          const { board: now, t: words } = latest.current;
          const card = now.cards.get(String(source.data["id"]));
          const to = card && destination(location.current.dropTargets, now.shown, card.id);
          if (!card || !to) return;
          const list = now.shown.get(to.column) ?? [];
          const after = place(list, card, to.anchor);
          const index = after.findIndex((other) => other.id === card.id);
          if (list.length === after.length && list[index]?.id === card.id) return;
          void move(now.id, card, to.column, to.anchor);
          const name = now.columns.find((column) => column.id === to.column)?.name ?? "";
          announce(words.board.dropped(card.title, name, index + 1));
        },
      }),
      element ? autoScrollForElements({ element }) : () => undefined,
    );
  }, [scroller]);
}
