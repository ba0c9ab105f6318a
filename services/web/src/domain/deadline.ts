/** How a deadline reads on a card: near ones by name, far ones by date. */
import type { Dictionary } from "../i18n";
import { dateFormat, daysBetween, urgency, type Urgency } from "./time";

export interface DeadlineLabel {
  tone: Urgency;
  short: string;
  /** With date, time and zone; for tooltips and screen readers. */
  full: string;
}

export interface Clock {
  now: number;
  zone: string;
  language: string;
}

export function deadlineLabel(deadline: string, done: boolean, clock: Clock, t: Dictionary): DeadlineLabel {
  const { now, zone, language } = clock;
  const at = Date.parse(deadline);
  const tone = urgency(deadline, now, zone, done);
  const full = dateFormat(language, zone, { dateStyle: "full", timeStyle: "short" }).format(at);
  const days = daysBetween(now, at, zone);
  const time = dateFormat(language, zone, { hour: "numeric", minute: "2-digit" }).format(at);
  const sameYear =
    dateFormat("en", zone, { year: "numeric" }).format(at) === dateFormat("en", zone, { year: "numeric" }).format(now);
  const date = dateFormat(language, zone, {
    month: "short",
    day: "numeric",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(at);
  if (tone === "overdue") return { tone, short: t.deadline.daysAgo(-days), full: t.deadline.overdue(full) };
  const short = done ? date : days === 0 ? t.deadline.today(time) : days === 1 ? t.deadline.tomorrow : date;
  return { tone, short, full: t.deadline.due(full) };
}

/** A moment in the past: the time today, else the date. */
export function momentLabel(iso: string, clock: Clock): string {
  const at = Date.parse(iso);
  const today = daysBetween(at, clock.now, clock.zone) === 0;
  return dateFormat(
    clock.language,
    clock.zone,
    today ? { hour: "numeric", minute: "2-digit" } : { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  ).format(at);
}

export const fullMoment = (iso: string, clock: Clock): string =>
  dateFormat(clock.language, clock.zone, { dateStyle: "long", timeStyle: "medium" }).format(Date.parse(iso));

export const dayLabel = (iso: string, clock: Clock): string =>
  dateFormat(clock.language, clock.zone, { dateStyle: "medium" }).format(Date.parse(iso));
