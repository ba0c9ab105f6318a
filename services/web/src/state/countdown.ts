/** The seconds that a service asked to wait, running down. */
import { useEffect, useMemo, useState } from "react";
import { isProblem } from "../api/problem";
import { secondsLeft } from "../domain/wait";

export interface Wait {
  /** How many seconds were asked for; 0 when none were. */
  asked: number;
  left: number;
}

export function useWait(error: unknown): Wait {
  const asked = (isProblem(error, "too_many_requests") && error.body.retry_after) || 0;
  const [now, setNow] = useState(0);
  // From the moment of the refusal on, not from the moment somebody looks.
  const until = useMemo(() => (isProblem(error) && asked > 0 ? Date.now() + asked * 1000 : 0), [error, asked]);
  useEffect(() => {
    if (until === 0) return;
    const tick = () => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    };
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [until]);
  return { asked, left: secondsLeft(until, now, asked) };
}
