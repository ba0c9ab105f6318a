/** The ways to prove who one is, of which the service names those that the person has. */
import type { Method } from "../api/identity";

/** The easiest first. A recovery code is the last resort: each one is used up. */
const ORDER: readonly Method[] = ["passkey", "password", "totp", "recovery_code"];

/** Those that are possible here, in the order they are offered; words of a newer service are left out. */
export const ways = (methods: readonly string[], passkeysHere: boolean): Method[] =>
  ORDER.filter((way) => methods.includes(way) && (way !== "passkey" || passkeysHere));
