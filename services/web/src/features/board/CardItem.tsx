/** One card: title, who is in charge, and only those facts that are there. */
import { attachClosestEdge, extractClosestEdge, type Edge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { memo, useEffect, useRef, useState, type CSSProperties, type MouseEvent } from "react";
import type { Card, Member, Status } from "../../api/types";
import { deadlineLabel, type Clock } from "../../domain/deadline";
import { hue } from "../../domain/person";
import { useText } from "../../i18n";
import { Avatar } from "../../ui/Avatar";
import { Icon, PriorityMark } from "../../ui/Icon";

export interface CardProps {
  card: Card;
  boardId: string;
  status: Status;
  person: Member | null;
  clock: Clock;
  movable: boolean;
  /** The one card of the board that Tab reaches; arrows lead to the others. */
  tabbable: boolean;
  carried: boolean;
  selected: boolean;
  place: { index: number; of: number };
  open: (id: string) => void;
  style?: CSSProperties;
  measure?: (element: HTMLElement | null) => void;
}

/** Makes the element draggable and a place to drop at; tells where a dragged card would land. */
function useDragging(element: HTMLElement | null, card: Card, movable: boolean) {
  const [edge, setEdge] = useState<Edge | null>(null);
  const [dragging, setDragging] = useState(false);
  const { id, column_id } = card;
  useEffect(() => {
    if (!element) return;
    return combine(
      draggable({
        element,
        canDrag: () => movable,
        getInitialData: () => ({ kind: "card", id }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data["kind"] === "card" && source.data["id"] !== id,
        getData: ({ input }) => attachClosestEdge({ kind: "card", id, column: column_id }, { element, input, allowedEdges: ["top", "bottom"] }),
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [element, id, column_id, movable]);
  return { edge, dragging };
}

function Facts({ card, status, person, clock }: Pick<CardProps, "card" | "status" | "person" | "clock">) {
  const t = useText();
  const deadline = card.deadline && deadlineLabel(card.deadline, status === "done", clock, t);
  return (
    <span className="card-facts" id={`facts-${card.id}`}>
      <span className="card-pic">
        <Avatar person={person} size="s" />
        <span className="sr-only">{person ? t.board.inCharge(person.name) : t.board.unassigned}.</span>
        {person && <span aria-hidden="true" className="card-name">{person.name}</span>}
      </span>
      <span className="card-marks">
        {card.has_description && <span className="fact" title={t.board.description}><Icon name="text" size={15} /><span className="sr-only">{t.board.description}.</span></span>}
        {card.comments > 0 && (
          <span className="fact">
            <Icon name="comment" size={15} />
            <span aria-hidden="true">{card.comments}</span>
            <span className="sr-only">{t.board.comments(card.comments)}.</span>
          </span>
        )}
        {card.priority !== "none" && (
          <span className="fact" title={t.priority[card.priority]}>
            <PriorityMark priority={card.priority} />
            <span className="sr-only">{t.task.priority}: {t.priority[card.priority]}.</span>
          </span>
        )}
        {deadline && (
          <span className="chip" data-tone={deadline.tone} title={deadline.full}>
            <Icon name="clock" size={14} />
            <span aria-hidden="true">{deadline.short}</span>
            <span className="sr-only">{deadline.full}.</span>
          </span>
        )}
      </span>
    </span>
  );
}

export const CardItem = memo(function CardItem(props: CardProps) {
  const { card, boardId, movable, tabbable, carried, selected, place, open, style, measure } = props;
  const [element, setElement] = useState<HTMLElement | null>(null);
  const { edge, dragging } = useDragging(element, card, movable);
  const measured = useRef(measure);
  useEffect(() => {
    measured.current = measure;
  });
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(card.id);
  };
  return (
    <li
      ref={(node) => {
        setElement(node);
        measured.current?.(node);
      }}
      className="card-slot" style={style} data-index={place.index} data-edge={edge ?? undefined} data-dragging={dragging || undefined}
      aria-setsize={place.of} aria-posinset={place.index + 1}
    >
      <a
        className="card" href={`/boards/${boardId}?task=${card.id}`} draggable={false} data-card={card.id} tabIndex={tabbable ? 0 : -1}
        data-carried={carried || undefined} data-movable={movable || undefined} aria-current={selected || undefined}
        aria-labelledby={`title-${card.id}`} aria-describedby={`facts-${card.id} card-help`} onClick={onClick}
      >
        <span className="card-title" id={`title-${card.id}`}>{card.title}{card.title_truncated && "…"}</span>
        {card.labels.length > 0 && (
          <span className="card-labels">
            {card.labels.map((label) => <span key={label} className="label" data-hue={hue(label)}>{label}</span>)}
          </span>
        )}
        <Facts card={card} status={props.status} person={props.person} clock={props.clock} />
      </a>
    </li>
  );
});
