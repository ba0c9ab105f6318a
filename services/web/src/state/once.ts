/** Keys that make a retried creation the same creation, and a changed or repeated one a new one. */
import { useRef } from "react";

export interface Once {
  /** The same key for the same content, until `done`. */
  keyFor: (content: unknown) => string;
  /** It was created: the same content next time is meant a second time. */
  done: () => void;
}

export function useOnce(): Once {
  const last = useRef<{ content: string; key: string } | null>(null);
  const once = useRef<Once>({
    keyFor: (content) => {
      const text = JSON.stringify(content);
      if (last.current?.content !== text) last.current = { content: text, key: crypto.randomUUID() };
      return last.current.key;
    },
    done: () => {
      last.current = null;
    },
  });
  return once.current;
}
