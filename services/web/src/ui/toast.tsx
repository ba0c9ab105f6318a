/** Short messages at the edge of the screen. One with an action stays longer; hovering or focus holds it. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { useText } from "../i18n";
import { IconButton } from "./Button";
import { Icon } from "./Icon";

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run: () => void };
}

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(list: readonly Toast[]): void {
  toasts = list;
  for (const listener of listeners) listener();
}

const dismiss = (id: number) => set(toasts.filter((toast) => toast.id !== id));

export function toast(text: string, options: { tone?: "plain" | "bad"; action?: Toast["action"] } = {}): void {
  const entry: Toast = { id: next++, text, tone: options.tone ?? "plain", ...(options.action ? { action: options.action } : {}) };
  set([...toasts.slice(-2), entry]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function Item({ entry }: { entry: Toast }) {
  const t = useText();
  const [held, hold] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(entry.id), entry.action || entry.tone === "bad" ? 9000 : 4500);
    return () => clearTimeout(timer);
  }, [held, entry]);
  return (
    <div className="toast" data-tone={entry.tone} onMouseEnter={() => hold(true)} onMouseLeave={() => hold(false)}
      onFocus={() => hold(true)} onBlur={() => hold(false)}>
      {entry.tone === "bad" && <Icon name="alert" size={18} />}
      <span>{entry.text}</span>
      {entry.action && (
        <button type="button" className="toast-action" onClick={() => { entry.action?.run(); dismiss(entry.id); }}>
          {entry.action.label}
        </button>
      )}
      <IconButton icon="close" label={t.action.dismiss} onClick={() => dismiss(entry.id)} />
    </div>
  );
}

export function Toasts() {
  const list = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((entry) => <Item key={entry.id} entry={entry} />)}
    </div>
  );
}
