/**
 * Keys that act without a field in focus. Single letters can be switched off in the settings (people who
 * dictate set them off by speaking), and two-key sequences begin with `g`.
 */
import { useEffect, useRef } from "react";

const KEY = "onus.shortcuts";
const SEQUENCE_MS = 1200;

export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function setShortcuts(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // They stay on then.
  }
}

function busy(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const target = event.target as HTMLElement | null;
  if (target?.closest("input, textarea, select, [contenteditable=true], [role=listbox], [role=menu]")) return true;
  return document.querySelector(".overlay") !== null;
}

/** Korean keyboards send the jamo at the key's place: the key's code says which key it was. */
function letter(event: KeyboardEvent): string {
  if (/^[\u3131-\u318e]$/.test(event.key) && event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

type Bindings = Record<string, () => void>;

/** What each mounted page binds, the innermost last; one listener serves them all. */
const layers: { current: Bindings }[] = [];
let prefix = "";
let since = 0;

/** Whether a `g` was just pressed: then the next letter belongs to it, wherever the focus is. */
export const sequenceBegun = (): boolean => prefix !== "" && Date.now() - since < SEQUENCE_MS;

function onKey(event: KeyboardEvent): void {
  if (busy(event) || !shortcutsOn()) return;
  const key = letter(event);
  const sequence = sequenceBegun() ? `${prefix} ${key}` : key;
  prefix = sequence === "g" ? "g" : "";
  since = Date.now();
  const action = layers.findLast((layer) => layer.current[sequence])?.current[sequence];
  if (!action) return;
  event.preventDefault();
  action();
}

/** `bindings`: "n", "?", or a sequence like "g b". The latest bindings are used without listening anew. */
export function useShortcuts(bindings: Bindings): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    if (layers.length === 0) window.addEventListener("keydown", onKey);
    layers.push(latest);
    return () => {
      layers.splice(layers.indexOf(latest), 1);
      if (layers.length === 0) window.removeEventListener("keydown", onKey);
    };
  }, []);
}
