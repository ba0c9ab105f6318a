/** Why signing in by a provider did not work, from what its page came back with and what the service said then. */
import { isProblem } from "../api/problem";

export const FAULTS = ["denied", "expired", "provider", "no_account", "link_first", "taken", "over"] as const;
export type ExternalFault = (typeof FAULTS)[number];

const known = (word: string | undefined): ExternalFault | null => FAULTS.find((fault) => fault === word) ?? null;

/** What the address says; a word of a newer service is the provider's fault until it is known better. */
export const saidFault = (word: string | undefined): ExternalFault | null => (word === undefined ? null : (known(word) ?? "provider"));

/** What the refusal says; null when it is one that trying again may help. */
export function refusedFault(error: unknown): ExternalFault | null {
  if (!isProblem(error)) return null;
  const said = known(error.body.state);
  if (said) return said;
  if (error.status === 409) return "over";
  return error.status === 403 ? "no_account" : null;
}
