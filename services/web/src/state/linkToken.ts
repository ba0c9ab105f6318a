/**
 * The token of a mailed link. It comes behind `#`, which no server and no log ever sees. Here it is taken out
 * of the address bar as well: it then stands neither in the history of the browser nor on a shared screen, and
 * lives as long as the page. Loaded before the router, which reads the address when it is made.
 */
import { useSyncExternalStore } from "react";
import { tokenIn } from "../domain/fragment";

const PAGES = ["/reset", "/verify", "/sign-up"];
const listeners = new Set<() => void>();
let token = "";

function take(): void {
  if (!PAGES.includes(location.pathname)) return;
  const found = tokenIn(location.hash);
  if (found === "") return;
  token = found;
  history.replaceState(history.state, "", location.pathname + location.search);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

take();
// Another link opened in the same tab changes only the fragment, and loads nothing anew.
addEventListener("hashchange", take);

export const useLinkToken = (): string => useSyncExternalStore(subscribe, () => token);
