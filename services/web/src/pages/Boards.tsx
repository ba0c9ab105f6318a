/** All boards of the workspace. */
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useMe } from "../api/session";
import { createBoard } from "../api/tasks";
import { dayLabel } from "../domain/deadline";
import { may } from "../domain/policy";
import { useText } from "../i18n";
import { useClock } from "../state/clock";
import { keys, queries, useBoards } from "../state/queries";
import { useOnce } from "../state/once";
import { useShortcuts } from "../state/shortcuts";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { Empty, explain, Failure, Loading } from "../ui/states";

function NewBoard({ onClose }: { onClose: () => void }) {
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

export function Boards() {
  const t = useText();
  const me = useMe();
  const clock = useClock();
  const boards = useBoards();
  const [creating, setCreating] = useState(false);
  const mayCreate = may(me.role, "board.create");
  useShortcuts(mayCreate ? { n: () => setCreating(true) } : {});

  const list = boards.data?.filter((board) => !board.deleted_at) ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <p className="eyebrow">{me.workspace.name}</p>
          <h1>{t.boards.title}</h1>
        </div>
        {mayCreate && <Button look="primary" icon="plus" onClick={() => setCreating(true)}>{t.boards.create}</Button>}
      </header>
      {boards.isPending && <Loading />}
      {boards.error && <Failure error={boards.error} retry={() => void boards.refetch()} />}
      {boards.data && list.length === 0 && <Empty title={t.boards.empty} text={mayCreate ? t.boards.emptyText : t.boards.emptyReader} />}
      <ul className="tiles">
        {list.map((board) => (
          <li key={board.id}>
            <Link to="/boards/$boardId" params={{ boardId: board.id }} className="tile">
              <span className="tile-lanes" aria-hidden="true"><i /><i /><i /></span>
              <strong>{board.name}</strong>
              <span className="faint">{t.boards.created(dayLabel(board.created_at, clock))}</span>
              <Icon name="arrow" />
            </Link>
          </li>
        ))}
      </ul>
      {creating && <NewBoard onClose={() => setCreating(false)} />}
    </div>
  );
}
