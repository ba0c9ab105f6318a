/** Making a board, and bringing a deleted one back. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { createBoard, deletedBoards, restoreBoard } from "../api/tasks";
import { useText } from "../i18n";
import { useOnce } from "../state/once";
import { keys, queries } from "../state/queries";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { explain } from "../ui/states";
import { toast } from "../ui/toast";
import { TrashList } from "../ui/TrashList";

export function NewBoard({ onClose }: { onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const once = useOnce();
  const create = useMutation({
    mutationFn: (name: string) => {
      const [todo = "", doing = "", done = ""] = t.boards.columns;
      const columns = [{ name: todo, status: "todo" as const }, { name: doing, status: "doing" as const }, { name: done, status: "done" as const }];
      return createBoard({ name, columns }, once.keyFor({ name, columns }));
    },
    onSuccess: async (board) => {
      await queries.invalidateQueries({ queryKey: keys.boards });
      await navigate({ to: "/boards/$boardId", params: { boardId: board.id } });
    },
  });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(String(new FormData(event.currentTarget).get("name")).trim());
  };
  return (
    <Dialog title={t.boards.create} onClose={onClose}>
      <form onSubmit={send} className="form">
        <TextField label={t.boards.name} name="name" required maxLength={100} autoFocus fault={create.error ? explain(create.error, t) : undefined} />
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="primary" busy={create.isPending}>{t.action.create}</Button>
        </div>
      </form>
    </Dialog>
  );
}

export function BoardTrash({ onClose }: { onClose: () => void }) {
  const t = useText();
  const list = useQuery({ queryKey: keys.deletedBoards, queryFn: deletedBoards, staleTime: 0 });
  const restore = useMutation({
    mutationFn: (board: { id: string; version: number }) => restoreBoard(board.id, board.version),
    onSuccess: (board) => {
      toast(t.boards.restored(board.name));
      return queries.invalidateQueries({ queryKey: keys.boards });
    },
    onError: (error) => toast(explain(error, t), { tone: "bad" }),
  });
  const items = list.data?.items.filter((board) => board.deleted_at);
  return (
    <TrashList items={items} error={list.error} onClose={onClose}
      restore={(id) => {
        const board = items?.find((each) => each.id === id);
        if (board) restore.mutate(board);
      }} />
  );
}
