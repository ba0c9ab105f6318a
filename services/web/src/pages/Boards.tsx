/** All boards of the workspace. */
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useMe } from "../api/session";
import { dayLabel } from "../domain/deadline";
import { may } from "../domain/policy";
import { useText } from "../i18n";
import { useClock } from "../state/clock";
import { useBoards } from "../state/queries";
import { useShortcuts } from "../state/shortcuts";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Empty, Failure, Loading } from "../ui/states";
import { useTitle } from "../ui/useTitle";

const NewBoard = lazy(() => import("./BoardDialogs").then((module) => ({ default: module.NewBoard })));
const BoardTrash = lazy(() => import("./BoardDialogs").then((module) => ({ default: module.BoardTrash })));

export function Boards() {
  const t = useText();
  useTitle(t.boards.title);
  const me = useMe();
  const clock = useClock();
  const boards = useBoards();
  const [creating, setCreating] = useState(false);
  const [trash, setTrash] = useState(false);
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
        {mayCreate && (
          <div className="form-end">
            <Button look="quiet" icon="trash" onClick={() => setTrash(true)}>{t.board.trash}</Button>
            <Button look="primary" icon="plus" onClick={() => setCreating(true)}>{t.boards.create}</Button>
          </div>
        )}
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
      <Suspense>
        {trash && <BoardTrash onClose={() => setTrash(false)} />}
        {creating && <NewBoard onClose={() => setCreating(false)} />}
      </Suspense>
    </div>
  );
}
