/** Why a session is about to end for good. Whoever leaves so is not shown the sign-in page, but a word of goodbye. */
export type Farewell = { kind: "erased" } | { kind: "deleted"; workspace: string };

let said: Farewell | null = null;

export function sayFarewell(farewell: Farewell): void {
  said = farewell;
}

/** It lasts as long as the page: there is nothing in the address to come back to. */
export const farewell = (): Farewell | null => said;

/** Somebody has signed in. */
export function forgetFarewell(): void {
  said = null;
}
