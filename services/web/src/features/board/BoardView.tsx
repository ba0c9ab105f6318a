/** The columns side by side, moved through by pointer, finger or keys. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { Card } from "../../api/types";
import { lanes, type BoardState, type PendingMove } from "../../domain/board";
import { matcher, type Filter } from "../../domain/filter";
import { isOwn, may } from "../../domain/policy";
import { useMe } from "../../api/session";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import type { People } from "../../state/queries";
import { StatusMark } from "../../ui/Icon";
import { Lane } from "./Lane";
import { preview, useCarry } from "./useCarry";
import { usePointerMoves } from "./usePointerMoves";

interface Props {
  board: BoardState;
  pending: readonly PendingMove[];
  filter: Filter;
  people: People;
  selectedId: string | null;
  open: (id: string) => void;
}

function useShown(board: BoardState, pending: readonly PendingMove[], filter: Filter) {
  const all = useMemo(() => lanes(board, pending), [board, pending]);
  const shown = useMemo(() => {
    const matches = matcher(filter);
    return new Map([...all].map(([column, cards]) => [column, cards.filter(matches)]));
  }, [all, filter]);
  return { all, shown };
}

/** On a phone one column fills the screen; these lead to the others and show which one it is. */
function LaneTabs({ board, counts, scroller }: { board: BoardState; counts: (id: string) => number; scroller: React.RefObject<HTMLDivElement | null> }) {
  const t = useText();
  const [current, setCurrent] = useState(0);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onScroll = () => setCurrent(Math.round(element.scrollLeft / Math.max(1, element.clientWidth)));
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => element.removeEventListener("scroll", onScroll);
  }, [scroller]);
  const show = (id: string) =>
    scroller.current?.querySelector(`[data-column="${id}"]`)?.scrollIntoView({ inline: "start", block: "nearest" });
  return (
    <nav className="lane-tabs" aria-label={t.board.columns}>
      {board.columns.map((column, index) => (
        <button key={column.id} type="button" aria-current={index === current || undefined} onClick={() => show(column.id)}>
          <StatusMark status={column.status} /> {column.name} <small>{counts(column.id)}</small>
        </button>
      ))}
    </nav>
  );
}

export function BoardView({ board, pending, filter, people, selectedId, open }: Props) {
  const t = useText();
  const me = useMe();
  const clock = useClock();
  const scroller = useRef<HTMLDivElement>(null);
  const { all, shown } = useShown(board, pending, filter);
  const mayMove = useMemo(() => (card: Card) => may(me.role, "task.move", isOwn(me, card)), [me]);
  const { carry, focusId, reveal, handlers } = useCarry({ id: board.id, columns: board.columns, shown, mayMove });
  usePointerMoves({ id: board.id, columns: board.columns, cards: board.cards, shown }, scroller);

  const { whole, drawn } = useMemo(() => {
    if (!carry) return { whole: all, drawn: shown };
    const matches = matcher(filter);
    const carried = lanes(board, [...pending, preview(carry, shown)]);
    const filtered = [...carried].map(([column, cards]) => [column, cards.filter((card) => card.id === carry.card.id || matches(card))] as const);
    return { whole: carried, drawn: new Map(filtered) };
  }, [board, pending, filter, carry, all, shown]);

  return (
    <>
      <LaneTabs board={board} counts={(id) => shown.get(id)?.length ?? 0} scroller={scroller} />
      <p id="card-help" className="sr-only">{t.board.cardHelp}</p>
      <div className="lanes" ref={scroller} data-carrying={carry ? true : undefined} {...handlers}>
        {board.columns.map((column, index) => (
          <Lane
            key={column.id}
            boardId={board.id}
            column={column}
            neighbours={{ left: board.columns[index - 1] ?? null, right: board.columns[index + 1] ?? null }}
            cards={drawn.get(column.id) ?? []}
            total={whole.get(column.id)?.length ?? 0}
            people={people}
            clock={clock}
            focusId={carry?.card.id ?? focusId}
            carriedId={carry?.card.id ?? null}
            selectedId={selectedId}
            reveal={reveal}
            mayMove={mayMove}
            mayAdd={may(me.role, "task.create")}
            mayEdit={may(me.role, "column.edit")}
            open={open}
          />
        ))}
      </div>
      {carry && <p className="carry-hint" aria-hidden="true">{t.board.carrying}</p>}
    </>
  );
}
