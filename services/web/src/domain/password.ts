/** What the service refuses about a new password, in the reader's language. */
import type { FieldFault } from "../api/problem";
import type { Dictionary } from "../i18n";

/** Fewest characters of a new password; the service's rule, for the browser to check before it is asked. */
export const PASSWORD_MIN = 12;

/** Most characters of a password, as a pattern: `maxLength` would cut what is pasted, and nobody would see it. */
export const PASSWORD_PATTERN = ".{0,128}";

/** The service explains itself in English; the reasons that it can give are known here. */
export function passwordFault(fault: FieldFault | undefined, t: Dictionary): string | undefined {
  switch (fault?.reason) {
    case "guessable":
      return t.security.password.guessable;
    case "wrong":
      return t.security.password.wrong;
    default:
      return fault?.message;
  }
}
