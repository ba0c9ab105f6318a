/** What an API token may be allowed, and for how long it lasts. */
import type { Scope } from "../api/types";

export const SCOPES: readonly Scope[] = ["read", "tasks:write", "members:write", "audit:read"];

/** Days that are offered; a service takes up to a year. */
export const LIFETIMES = [7, 30, 90, 365] as const;
export const USUAL_LIFETIME = 30;

export const expired = (token: { expires_at: string }, now: number): boolean => Date.parse(token.expires_at) <= now;
