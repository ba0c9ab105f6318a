/** Waiting that was asked for, counted down. */

/** Whole seconds until the moment, at most as many as were asked for: a clock that was read late must not add any. */
export const secondsLeft = (until: number, now: number, most: number): number =>
  Math.max(0, Math.min(most, Math.ceil((until - now) / 1000)));
