/** A column: its heading, its cards, and where to add one. Long columns draw only what is in sight. */
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Card, Column } from "../../api/types";
import type { Clock } from "../../domain/deadline";
import { useText } from "../../i18n";
import type { People } from "../../state/queries";
import { StatusMark } from "../../ui/Icon";
import { CardItem } from "./CardItem";
import { ColumnMenu } from "./ColumnMenu";
import { QuickAdd } from "./QuickAdd";

/** Up to here a column is drawn whole, which lets the browser's own search find everything. */
const DRAW_ALL = 60;

export interface LaneProps {
  boardId: string;
  column: Column;
  neighbours: { left: Column | null; right: Column | null };
  cards: readonly Card[];
  /** How many cards there are without the filter. */
  total: number;
  people: People;
  clock: Clock;
  focusId: string | null;
  carriedId: string | null;
  selectedId: string | null;
  /** Changes whenever the focused card must be brought into sight. */
  reveal: number;
  mayMove: (card: Card) => boolean;
  mayAdd: boolean;
  mayEdit: boolean;
  open: (id: string) => void;
}

function useLaneDrop(element: HTMLElement | null, column: string) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!element) return;
    const scroller = element.querySelector<HTMLElement>(".lane-scroll") ?? element;
    return combine(
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data["kind"] === "card",
        getData: () => ({ kind: "lane", column }),
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: () => setOver(false),
      }),
      autoScrollForElements({ element: scroller }),
    );
  }, [element, column]);
  return over;
}

function useCardProps({ boardId, column, cards, people, clock, focusId, carriedId, selectedId, mayMove, open }: LaneProps) {
  return (card: Card, index: number) => ({
    card,
    boardId,
    status: column.status,
    person: people.get(card.pic_id),
    clock,
    movable: mayMove(card),
    tabbable: card.id === focusId,
    carried: card.id === carriedId,
    selected: card.id === selectedId,
    place: { index, of: cards.length },
    open,
  });
}

function AllCards(props: LaneProps) {
  const of = useCardProps(props);
  return <ul className="lane-cards">{props.cards.map((card, index) => <CardItem key={card.id} {...of(card, index)} />)}</ul>;
}

function SomeCards(props: LaneProps & { scroller: React.RefObject<HTMLDivElement | null> }) {
  const { cards, focusId, reveal, scroller } = props;
  const of = useCardProps(props);
  const kept = cards.findIndex((card) => card.id === focusId);
  const virtual = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => cards[index]?.id ?? index,
    estimateSize: () => 104,
    overscan: 8,
    // The focused card stays in the document when it is scrolled away, or focus would be lost.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return kept < 0 || shown.includes(kept) ? shown : [...shown, kept].sort((a, b) => a - b);
    },
  });
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (reveal > 0 && kept >= 0) scrollToIndex(kept, { align: "auto" });
  }, [reveal, kept, scrollToIndex]);
  return (
    <ul className="lane-cards lane-cards-virtual" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const card = cards[item.index];
        return card && <CardItem key={card.id} {...of(card, item.index)} measure={virtual.measureElement} style={{ transform: `translateY(${item.start}px)` }} />;
      })}
    </ul>
  );
}

export function Lane(props: LaneProps) {
  const { boardId, column, neighbours, cards, total, mayAdd, mayEdit } = props;
  const t = useText();
  const [element, setElement] = useState<HTMLElement | null>(null);
  const over = useLaneDrop(element, column.id);
  const scroller = useRef<HTMLDivElement>(null);
  const toEnd = useCallback(() => {
    requestAnimationFrame(() => scroller.current?.scrollTo({ top: scroller.current.scrollHeight }));
  }, []);
  return (
    <section className="lane" ref={setElement} data-column={column.id} data-status={column.status} data-over={over || undefined} aria-label={t.board.column(column.name, total)}>
      <header className="lane-head">
        <StatusMark status={column.status} />
        <h2>{column.name}</h2>
        <span className="lane-count" aria-hidden="true">{cards.length === total ? total.toLocaleString() : `${cards.length.toLocaleString()} / ${total.toLocaleString()}`}</span>
        {mayEdit && <ColumnMenu boardId={boardId} column={column} neighbours={neighbours} empty={total === 0} />}
      </header>
      <div className="lane-scroll" ref={scroller}>
        {cards.length > DRAW_ALL ? <SomeCards {...props} scroller={scroller} /> : <AllCards {...props} />}
        {cards.length === 0 && <p className="lane-empty">{total === 0 ? t.board.emptyColumn : t.board.noMatches}</p>}
        {mayAdd && <QuickAdd boardId={boardId} column={column} onAdded={toEnd} />}
      </div>
    </section>
  );
}
