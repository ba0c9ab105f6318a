/** The security log as it is read: what each entry says, and which of them fall on one day. */
import type { AuditEntry } from "../api/types";
import type { Clock } from "./deadline";
import { dateFormat, daysBetween } from "./time";

export const KINDS = [
  "signed_in", "sign_in_refused", "code_refused", "signed_out", "sessions_ended", "token_reused",
  "password_changed", "password_reset", "second_factor_on", "second_factor_off", "recovery_codes_renewed",
  "passkey_added", "passkey_removed", "passkey_refused", "identity_linked", "identity_unlinked",
  "token_made", "token_revoked", "service_account_made", "service_account_removed",
  "workspace_changed", "workspace_deleted", "key_made", "key_retired",
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that a newer service may add are not known, and shown under their own name. */
export const knownKind = (kind: string): kind is Kind => (KINDS as readonly string[]).includes(kind);

/** Somebody was kept out, or put out. */
export type Check = "refused" | "stopped";
const CHECKS: Partial<Record<string, Check>> = { sign_in_refused: "refused", code_refused: "refused", passkey_refused: "refused", token_reused: "stopped" };

export interface LogLine {
  id: string;
  time: string;
  kind: string;
  check: Check | null;
  /** Whose account it is about: their id, and the name they had then. */
  account: string | null;
  name: string | null;
  device: string;
  place: string;
}

export function logLine(entry: AuditEntry): LogLine {
  const said = (name: string): string => {
    const value = entry.fields.find((field) => field.name === name)?.after;
    return typeof value === "string" ? value : "";
  };
  return {
    id: entry.event_id,
    time: entry.time,
    kind: entry.kind,
    check: CHECKS[entry.kind] ?? null,
    account: said("account") || (entry.actor?.id ?? null),
    name: entry.title ?? entry.actor?.name ?? null,
    device: said("device"),
    place: said("place"),
  };
}

/** Neighbours of one day of the reader's zone, in the order they come. */
export function byDay<T extends { time: string }>(lines: readonly T[], zone: string): T[][] {
  const days: T[][] = [];
  for (const line of lines) {
    const first = days.at(-1)?.[0];
    if (first && daysBetween(Date.parse(line.time), Date.parse(first.time), zone) === 0) days.at(-1)?.push(line);
    else days.push([line]);
  }
  return days;
}

/** "Today", "Yesterday", and before that the date; the year where it is another one. */
export function dayName(iso: string, { now, zone, language }: Clock): string {
  const at = Date.parse(iso);
  const days = daysBetween(now, at, zone);
  if (days === 0 || days === -1) {
    const name = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  }
  const year = (instant: number) => dateFormat("en", zone, { year: "numeric" }).format(instant);
  return dateFormat(language, zone, { weekday: "long", month: "long", day: "numeric", ...(year(at) === year(now) ? {} : { year: "numeric" }) }).format(at);
}

export const timeOfDay = (iso: string, { zone, language }: Clock): string =>
  dateFormat(language, zone, { hour: "numeric", minute: "2-digit" }).format(Date.parse(iso));
