/** Where reading goes on when what had the focus is gone. */

/** Moves the focus there, unless it has found another place by itself; dialogs give it back in the next frame. */
export function rescueFocus(place: HTMLElement | null): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (document.activeElement === null || document.activeElement === document.body) place?.focus();
    }),
  );
}
