/** Instants and wall clocks: deadlines are instants, but people set and read them in a time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formatters are dear to make and a board asks for thousands of labels. */
export function dateFormat(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}|${zone}|${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
    formats.set(key, format);
  }
  return format;
}

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

function wall(instant: number, zone: string): Wall {
  const parts = dateFormat("en-US", zone, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  }).formatToParts(instant);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return { year: of("year"), month: of("month"), day: of("day"), hour: of("hour"), minute: of("minute") };
}

const two = (value: number) => String(value).padStart(2, "0");

/** The value of a `datetime-local` input that shows this instant in the zone. */
export function toWallClock(iso: string, zone: string): string {
  const { year, month, day, hour, minute } = wall(Date.parse(iso), zone);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** The instant at which clocks of the zone show this. In a gap (clocks going forward) it is the moment after. */
export function fromWallClock(local: string, zone: string): string | null {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return null;
  const offset = (instant: number) => {
    const { year, month, day, hour, minute } = wall(instant, zone);
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(instant / 60_000) * 60_000;
  };
  const first = wanted - offset(wanted);
  const second = wanted - offset(first);
  const instant = offset(second) === wanted - second ? second : Math.max(first, second);
  return new Date(instant).toISOString().replace(".000Z", "Z");
}

/** How many midnights of the zone lie between two instants. */
export function daysBetween(from: number, to: number, zone: string): number {
  const day = (instant: number) => {
    const { year, month, day } = wall(instant, zone);
    return Date.UTC(year, month - 1, day) / 86_400_000;
  };
  return day(to) - day(from);
}

export type Urgency = "overdue" | "today" | "soon" | "later";

/** How pressing a deadline is; what is done is never overdue. */
export function urgency(deadline: string, now: number, zone: string, done: boolean): Urgency {
  const at = Date.parse(deadline);
  if (done) return "later";
  if (at < now) return "overdue";
  const days = daysBetween(now, at, zone);
  return days === 0 ? "today" : days <= 2 ? "soon" : "later";
}

/** Whether the runtime knows this zone; servers may know newer ones. */
export function knownZone(zone: string): boolean {
  try {
    dateFormat("en-US", zone, {});
    return true;
  } catch {
    return false;
  }
}

export const systemZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
