/** The page's name in the tab, in the history, and first thing a screen reader says. */
import { useEffect } from "react";

export function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · Onus`;
    return () => {
      document.title = before;
    };
  }, [title]);
}
