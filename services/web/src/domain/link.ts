/** Why a mailed link does not count, or not any more. */
import { isProblem } from "../api/problem";

export type LinkFault = "used" | "expired" | "unknown";

export function linkFault(error: unknown): LinkFault | null {
  if (!isProblem(error)) return null;
  if (error.status === 404) return "unknown";
  if (error.status !== 409) return null;
  return error.body.state === "expired" ? "expired" : "used";
}
