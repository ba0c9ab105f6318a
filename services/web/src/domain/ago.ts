/** How long ago something was, as a person would say it. */
import type { Dictionary } from "../i18n";
import type { Clock } from "./deadline";

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000_000],
  ["month", 2_592_000_000],
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "5 minutes ago", "yesterday"; the clock goes by the minute, so what is younger was just now. */
export function agoLabel(iso: string, clock: Pick<Clock, "now" | "language">, t: Dictionary): string {
  const passed = clock.now - Date.parse(iso);
  const step = STEPS.find(([, length]) => passed >= length);
  if (!step) return t.security.justNow;
  const [unit, length] = step;
  return new Intl.RelativeTimeFormat(clock.language, { numeric: "auto" }).format(-Math.floor(passed / length), unit);
}
