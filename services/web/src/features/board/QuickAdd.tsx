/** Adds tasks to a column one after the other, without leaving the board. */
import { useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { createTask } from "../../api/tasks";
import type { Column } from "../../api/types";
import { useText } from "../../i18n";
import { adoptTask } from "../../state/queries";
import { useOnce } from "../../state/once";
import { announce } from "../../ui/announce";
import { Icon } from "../../ui/Icon";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

export function QuickAdd({ boardId, column, onAdded }: { boardId: string; column: Column; onAdded: () => void }) {
  const t = useText();
  const once = useOnce();
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState("");
  const [busy, setBusy] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const input = useRef<HTMLInputElement>(null);

  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = title.trim();
    if (wanted === "" || busy) return;
    setBusy(true);
    try {
      const body = { title: wanted, column_id: column.id };
      adoptTask(await createTask(boardId, body, once.keyFor(body)));
      once.done();
      setTitle("");
      announce(t.board.created(wanted));
      onAdded();
    } catch (error) {
      toast(explain(error, t), { tone: "bad" });
    } finally {
      setBusy(false);
      input.current?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    close();
  };

  if (!open) {
    return (
      <button type="button" ref={opener} className="lane-add" aria-label={t.board.addTaskTo(column.name)} onClick={() => setOpen(true)}>
        <Icon name="plus" size={18} /> {t.board.addTask}
      </button>
    );
  }
  return (
    <form className="quick-add" onSubmit={(event) => void add(event)}>
      <input ref={input} className="input" value={title} onChange={(event) => setTitle(event.target.value)} onKeyDown={onKeyDown} maxLength={200}
        onBlur={() => title.trim() === "" && !busy && setOpen(false)} aria-label={t.board.addTaskTo(column.name)} placeholder={t.board.taskTitle} autoFocus enterKeyHint="done" />
      <p className="faint" aria-hidden="true">{t.board.addHint}</p>
    </form>
  );
}
