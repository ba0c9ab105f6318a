/** Renaming, deleting, adding a column, and the trash of a board. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { deleteBoard, renameBoard, restoreBoard, restoreTask, trash } from "../../api/tasks";
import { momentLabel } from "../../domain/deadline";
import type { BoardState } from "../../domain/board";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { adoptTask, keys, queries } from "../../state/queries";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Menu } from "../../ui/Menu";
import { explain, Failure, Loading } from "../../ui/states";
import { toast } from "../../ui/toast";
import { ColumnDialog } from "./ColumnMenu";

function Rename({ board, onClose }: { board: BoardState; onClose: () => void }) {
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

function Trash({ boardId, onClose }: { boardId: string; onClose: () => void }) {
  const t = useText();
  const clock = useClock();
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
  return (
    <Dialog title={t.board.trash} onClose={onClose} size="m">
      {list.isPending && <Loading />}
      {list.error && <Failure error={list.error} />}
      {list.data?.items.length === 0 && <p className="faint">{t.board.trashEmpty}</p>}
      <ul className="rows">
        {list.data?.items.map((task) => (
          <li key={task.id} className="row">
            <span className="row-main"><strong>{task.title}</strong>{task.deleted_at && <span className="faint">{momentLabel(task.deleted_at, clock)}</span>}</span>
            <Button onClick={() => restore.mutate(task)}>{t.action.restore}</Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

export function BoardMenu({ board }: { board: BoardState }) {
  const t = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"rename" | "column" | "trash" | null>(null);
  const close = () => setOpen(null);
  const remove = async () => {
    try {
      const gone = await deleteBoard(board.id, board.version);
      await navigate({ to: "/boards" });
      await queries.invalidateQueries({ queryKey: keys.boards });
      const undo = () =>
        void restoreBoard(gone.id, gone.version)
          .then(() => queries.invalidateQueries({ queryKey: keys.boards }))
          .then(() => toast(t.boards.restored(board.name)))
          .catch((error: unknown) => toast(explain(error, t), { tone: "bad" }));
      toast(t.boards.deleted(board.name), { action: { label: t.action.undo, run: undo } });
    } catch (error) {
      toast(explain(error, t), { tone: "bad" });
    }
  };
  return (
    <>
      <Menu
        label={t.board.boardMenu}
        actions={[
          { id: "column", label: t.board.addColumn, icon: "plus", run: () => setOpen("column") },
          { id: "rename", label: t.board.renameBoard, icon: "text", run: () => setOpen("rename") },
          { id: "trash", label: t.board.trash, icon: "trash", run: () => setOpen("trash") },
          { id: "delete", label: t.board.deleteBoard, icon: "close", danger: true, run: () => void remove() },
        ]}
      />
      {open === "rename" && <Rename board={board} onClose={close} />}
      {open === "column" && <ColumnDialog boardId={board.id} onClose={close} />}
      {open === "trash" && <Trash boardId={board.id} onClose={close} />}
    </>
  );
}
