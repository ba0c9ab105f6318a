/** A refusal beside the form it belongs to. One that asks to wait counts down, and holds the form until then. */
import type { ReactNode } from "react";
import { isProblem } from "../api/problem";
import { useText } from "../i18n";
import { useWait } from "../state/countdown";
import { explain } from "./states";

interface Refusal {
  /** What to show; nothing when there is no refusal. */
  told: ReactNode | undefined;
  /** Whether sending again has to wait. */
  held: boolean;
}

export function useRefusal(error: unknown): Refusal {
  const t = useText();
  const { asked, left } = useWait(error);
  if (!error) return { told: undefined, held: false };
  if (!isProblem(error, "too_many_requests") || asked === 0) return { told: explain(error, t), held: false };
  if (left === 0) return { told: t.security.waitOver, held: false };
  // Whoever listens hears once how long; only the eye follows every second.
  const told = (
    <>
      <span className="sr-only">{t.security.wait(asked)}</span>
      <span aria-hidden="true" className="counting">{t.security.wait(left)}</span>
    </>
  );
  return { told, held: true };
}
