/** What the service refuses about a new password, in the reader's language. */
import type { Dictionary } from "../i18n";

/** Fewest characters of a new password; the service's rule, for the browser to check before it is asked. */
export const PASSWORD_MIN = 12;

/** The service explains itself in English; what it can say about a password is known here. */
export function passwordFault(said: string | undefined, t: Dictionary): string | undefined {
  if (said === undefined) return undefined;
  if (/common|guess/i.test(said)) return t.security.password.guessable;
  if (/character|length/i.test(said)) return t.security.password.length;
  return said;
}
