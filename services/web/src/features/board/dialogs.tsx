/** The forms and lists behind the menus of a board and its columns; loaded when one is opened. */
import { useMutation, useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { createColumn, editColumn, renameBoard, restoreTask, trash } from "../../api/tasks";
import type { Column, Status } from "../../api/types";
import type { BoardState } from "../../domain/board";
import { useText } from "../../i18n";
import { useOnce } from "../../state/once";
import { adoptColumn, adoptTask, keys, queries } from "../../state/queries";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextField } from "../../ui/Field";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";
import { TrashList } from "../../ui/TrashList";

const STATUSES: readonly Status[] = ["todo", "doing", "done"];

/** For a new column (`column` absent) or an existing one. */
export function ColumnDialog({ boardId, column, onClose }: { boardId: string; column?: Column; onClose: () => void }) {
  const t = useText();
  const once = useOnce();
  const save = useMutation({
    mutationFn: (body: { name: string; status: Status }) =>
      column ? editColumn(column.id, column.version, body) : createColumn(boardId, body, once.keyFor(body)),
    onSuccess: (saved) => {
      adoptColumn(boardId, saved.id, saved);
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

export function Rename({ board, onClose }: { board: BoardState; onClose: () => void }) {
  const t = useText();
  const save = useMutation({
    mutationFn: (name: string) => renameBoard(board.id, board.version, name),
    onSuccess: (saved) => {
      queries.setQueryData<BoardState>(keys.board(board.id), (state) => state && { ...state, name: saved.name, version: saved.version });
      void queries.invalidateQueries({ queryKey: keys.boards });
      onClose();
    },
  });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(String(new FormData(event.currentTarget).get("name")).trim());
  };
  return (
    <Dialog title={t.board.renameBoard} onClose={onClose}>
      <form className="form" onSubmit={send}>
        <TextField label={t.boards.name} name="name" required maxLength={100} defaultValue={board.name} autoFocus fault={save.error ? explain(save.error, t) : undefined} />
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{t.action.save}</Button>
        </div>
      </form>
    </Dialog>
  );
}

export function Trash({ boardId, onClose }: { boardId: string; onClose: () => void }) {
  const t = useText();
  const list = useQuery({ queryKey: keys.trash(boardId), queryFn: () => trash(boardId), staleTime: 0 });
  const restore = useMutation({
    mutationFn: (task: { id: string; version: number }) => restoreTask(task.id, task.version),
    onSuccess: (task) => {
      adoptTask(task);
      toast(t.task.restored(task.title));
      return queries.invalidateQueries({ queryKey: keys.trash(boardId) });
    },
    onError: (error) => toast(explain(error, t), { tone: "bad" }),
  });
  const items = list.data?.items;
  return (
    <TrashList items={items?.map(({ id, title, deleted_at }) => ({ id, name: title, deleted_at }))} error={list.error} onClose={onClose}
      restore={(id) => {
        const task = items?.find((each) => each.id === id);
        if (task) restore.mutate(task);
      }} />
  );
}
