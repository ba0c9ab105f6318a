/** A field's value as a person reads it, wherever before and after are shown. */
import type { ReactNode } from "react";
import { dateFormat, knownZone } from "../../domain/time";
import { hue } from "../../domain/person";
import { useText, type Dictionary } from "../../i18n";
import { useClock } from "../../state/clock";
import type { People } from "../../state/queries";
import { Avatar } from "../../ui/Avatar";
import { PriorityMark } from "../../ui/Icon";

type Level = keyof Dictionary["priority"];
type Step = keyof Dictionary["status"];

export function useFieldName(): (field: string) => string {
  const t = useText();
  return (field) => (field in t.history.field ? t.history.field[field as keyof Dictionary["history"]["field"]] : field);
}

function Moment({ iso }: { iso: string }) {
  const clock = useClock();
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const zone = knownZone(clock.zone) ? clock.zone : "UTC";
  return <time dateTime={iso}>{dateFormat(clock.language, zone, { dateStyle: "medium", timeStyle: "short" }).format(at)}</time>;
}

interface ValueProps {
  field: string;
  /** From events: any JSON, and of older shapes too. */
  value: unknown;
  people: People;
  /** For a person who is no longer among the people, if the event told. */
  name?: string | null | undefined;
}

export function Value({ field, value, people, name }: ValueProps): ReactNode {
  const t = useText();
  if (value === null || value === undefined || value === "") return <span className="nothing">{t.history.nothing}</span>;
  if (Array.isArray(value)) {
    if (value.length === 0) return <span className="nothing">{t.history.nothing}</span>;
    return <span className="card-labels">{value.map(String).map((label) => <span key={label} className="label" data-hue={hue(label)}>{label}</span>)}</span>;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (field === "pic_id") {
    const person = people.get(text);
    return <span className="person"><Avatar person={person ?? { id: text, name: name ?? "?" }} size="s" /> {person?.name ?? name ?? t.history.someone}</span>;
  }
  if (field === "deadline") return <Moment iso={text} />;
  if (field === "priority" && text in t.priority) return <span className="person"><PriorityMark priority={text as Level} /> {t.priority[text as Level]}</span>;
  if (field === "status" && text in t.status) return t.status[text as Step];
  return text;
}
