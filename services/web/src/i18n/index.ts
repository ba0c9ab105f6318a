/** The language on screen: chosen by hand, else by the signed-in person, else by the browser. */
import { useSyncExternalStore } from "react";
import type { Language } from "../api/types";
import { en, type Dictionary } from "./en";
import { ko } from "./ko";

export type { Dictionary };
export const dictionaries: Record<Language, Dictionary> = { en, ko };

const KEY = "onus.language";
const listeners = new Set<() => void>();
let language: Language =
  typeof document !== "undefined" && document.documentElement.lang === "ko" ? "ko" : "en";

export function setLanguage(next: Language): void {
  language = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // The choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const currentLanguage = (): Language => language;
export const useLanguage = (): Language => useSyncExternalStore(subscribe, currentLanguage);
export const useText = (): Dictionary => dictionaries[useLanguage()];
/** For code outside components. */
export const text = (): Dictionary => dictionaries[language];
