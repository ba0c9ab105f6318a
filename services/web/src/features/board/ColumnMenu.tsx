/** What a supervisor can do with a column. */
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { isProblem } from "../../api/problem";
import { createColumn, deleteColumn, editColumn, moveColumn } from "../../api/tasks";
import type { Column, Status } from "../../api/types";
import { mergeColumns, type BoardState } from "../../domain/board";
import { useText } from "../../i18n";
import { useOnce } from "../../state/once";
import { keys, queries } from "../../state/queries";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextField } from "../../ui/Field";
import { Menu } from "../../ui/Menu";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

const STATUSES: readonly Status[] = ["todo", "doing", "done"];

function adopt(boardId: string, id: string, column: Column | null): void {
  queries.setQueryData<BoardState>(keys.board(boardId), (state) => state && mergeColumns(state, id, column));
}

/** For a new column (`column` absent) or an existing one. */
export function ColumnDialog({ boardId, column, onClose }: { boardId: string; column?: Column; onClose: () => void }) {
  const t = useText();
  const once = useOnce();
  const save = useMutation({
    mutationFn: (body: { name: string; status: Status }) =>
      column ? editColumn(column.id, column.version, body) : createColumn(boardId, body, once.keyFor(body)),
    onSuccess: (saved) => {
      adopt(boardId, saved.id, saved);
      onClose();
    },
  });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    save.mutate({ name: String(data.get("name")).trim(), status: String(data.get("status")) as Status });
  };
  return (
    <Dialog title={column ? t.board.editColumn : t.board.addColumn} onClose={onClose}>
      <form className="form" onSubmit={send}>
        <TextField label={t.board.columnName} name="name" required maxLength={60} defaultValue={column?.name} autoFocus fault={save.error ? explain(save.error, t) : undefined} />
        <SelectField label={t.board.columnStatus} name="status" defaultValue={column?.status ?? "todo"}>
          {STATUSES.map((status) => <option key={status} value={status}>{t.status[status]}</option>)}
        </SelectField>
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{column ? t.action.save : t.action.create}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface Props {
  boardId: string;
  column: Column;
  neighbours: { left: Column | null; right: Column | null };
  empty: boolean;
}

export function ColumnMenu({ boardId, column, neighbours: { left, right }, empty }: Props) {
  const t = useText();
  const [editing, setEditing] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      toast(isProblem(error, "conflict") ? t.board.notEmpty : explain(error, t), { tone: "bad" });
      void queries.invalidateQueries({ queryKey: keys.board(boardId) });
    }
  };
  const shift = (anchor: { before?: string; after?: string }) =>
    void attempt(async () => adopt(boardId, column.id, await moveColumn(column.id, column.version, anchor)));
  const remove = () =>
    void attempt(async () => {
      await deleteColumn(column.id, column.version);
      adopt(boardId, column.id, null);
    });
  return (
    <>
      <Menu
        label={t.board.columnMenu(column.name)}
        className="icon-button lane-menu"
        actions={[
          { id: "edit", label: t.board.editColumn, run: () => setEditing(true) },
          { id: "left", label: t.board.moveLeft, disabled: !left, run: () => left && shift({ before: left.id }) },
          { id: "right", label: t.board.moveRight, disabled: !right, run: () => right && shift({ after: right.id }) },
          { id: "delete", label: t.board.deleteColumn, danger: true, run: () => (empty ? remove() : toast(t.board.notEmpty, { tone: "bad" })) },
        ]}
      />
      {editing && <ColumnDialog boardId={boardId} column={column} onClose={() => setEditing(false)} />}
    </>
  );
}
