/**
 * Sends what must not outlive its form: passwords and codes. A mutation of the query library would keep what
 * was sent, and what was answered, in its cache for minutes; this keeps the last refusal and nothing else.
 */
import { useRef, useState } from "react";

interface Then<T> {
  done?: (answer: T) => void;
  failed?: (error: unknown) => void;
}

export interface Sending<A extends unknown[]> {
  send: (...args: A) => void;
  busy: boolean;
  /** The last refusal, until something is sent again. */
  error: unknown;
  /** Forgets the refusal, where the form it belonged to makes room for another. */
  clear: () => void;
}

export function useSend<A extends unknown[], T>(call: (...args: A) => Promise<T>, { done, failed }: Then<T> = {}): Sending<A> {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  // State changes with the next render; two keystrokes can come before it.
  const running = useRef(false);
  const send = (...args: A) => {
    if (running.current) return;
    running.current = true;
    setState({ busy: true, error: null });
    void call(...args).then(
      (answer) => {
        running.current = false;
        setState({ busy: false, error: null });
        done?.(answer);
      },
      (error: unknown) => {
        running.current = false;
        setState({ busy: false, error });
        failed?.(error);
      },
    );
  };
  return { send, ...state, clear: () => setState((now) => ({ ...now, error: null })) };
}
