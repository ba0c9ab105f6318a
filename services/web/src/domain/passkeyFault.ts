/** Why a passkey was not used, from what the browser throws and what the service answers. */
import { isProblem } from "../api/problem";

export type PasskeyFault = "cancelled" | "present" | "failed" | "unknown";

/** Null where it is no fault of the passkey, "aborted" where something else took its place and nothing is to be said. */
export function passkeyFault(error: unknown): PasskeyFault | "aborted" | null {
  if (isProblem(error)) return error.status === 401 || error.status === 404 ? "unknown" : error.status === 422 ? "failed" : null;
  if (!(error instanceof DOMException)) return null;
  if (error.name === "AbortError") return "aborted";
  if (error.name === "NotAllowedError") return "cancelled";
  return error.name === "InvalidStateError" ? "present" : "failed";
}
