/** The reader's time: now (by the minute), their zone, their language. */
import { useMemo, useSyncExternalStore } from "react";
import { useMaybeMe } from "../api/session";
import type { Clock } from "../domain/deadline";
import { knownZone, systemZone } from "../domain/time";
import { useLanguage } from "../i18n";

const MINUTE = 60_000;
let minute = Math.floor(Date.now() / MINUTE) * MINUTE;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  const timer = setInterval(() => {
    const now = Math.floor(Date.now() / MINUTE) * MINUTE;
    if (now === minute) return;
    minute = now;
    for (const each of listeners) each();
  }, 5000);
  listeners.add(listener);
  return () => {
    clearInterval(timer);
    listeners.delete(listener);
  };
}

export function useClock(): Clock {
  const now = useSyncExternalStore(subscribe, () => minute);
  const chosen = useLanguage();
  const wanted = useMaybeMe()?.time_zone;
  return useMemo(() => {
    const zone = wanted && knownZone(wanted) ? wanted : systemZone();
    // Dates read as where the reader lives (en-GB, en-US), if that is the chosen language at all.
    const language = navigator.languages.find((tag) => tag.toLowerCase().startsWith(chosen)) ?? chosen;
    return { now, zone, language };
  }, [now, wanted, chosen]);
}
