/** A board: its heading and filter, its columns, and the panel of the task in the address. */
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useMe } from "../api/session";
import { isActive, matcher, type Filter as FilterValue } from "../domain/filter";
import type { BoardState } from "../domain/board";
import { may } from "../domain/policy";
import { BoardMenu } from "../features/board/BoardMenu";
import { BoardView } from "../features/board/BoardView";
import { Filter, inCharge } from "../features/board/Filter";
import { useText } from "../i18n";
import { useLive, useOnline } from "../state/live";
import { usePendingMoves } from "../state/moves";
import { useBoard, usePeople } from "../state/queries";
import { useShortcuts } from "../state/shortcuts";
import { Button } from "../ui/Button";
import { Empty, Failure, Loading } from "../ui/states";
import { useTitle } from "../ui/useTitle";

const TaskPanel = lazy(() => import("../features/task/TaskPanel").then((module) => ({ default: module.TaskPanel })));
const NewTask = lazy(() => import("../features/board/NewTask").then((module) => ({ default: module.NewTask })));
const route = getRouteApi("/home/boards/$boardId");

/** The filter is typed here and written to the address a moment later, so that it can be shared and survives a reload. */
function useFilter(): [FilterValue, (value: FilterValue) => void] {
  const { q, pic } = route.useSearch();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<FilterValue>({ text: q ?? "", pics: pic?.split(",") ?? [] });
  useEffect(() => {
    const timer = setTimeout(() => {
      const text = filter.text.trim();
      const pics = filter.pics.join(",");
      if (text === (q ?? "") && pics === (pic ?? "")) return;
      void navigate({
        to: ".",
        replace: true,
        search: ({ task }: { task?: string }) => ({ ...(task ? { task } : {}), ...(text ? { q: text } : {}), ...(pics ? { pic: pics } : {}) }),
      });
    }, 300);
    return () => clearTimeout(timer);
  }, [filter, q, pic, navigate]);
  return [filter, setFilter];
}

function Live() {
  const t = useText();
  const online = useOnline();
  return <span className="live" data-on={online || undefined} role="status">{online ? t.board.live : t.board.reconnecting}</span>;
}

function Ready({ board }: { board: BoardState }) {
  const t = useText();
  useTitle(board.name);
  const me = useMe();
  const people = usePeople();
  const pending = usePendingMoves();
  const navigate = useNavigate();
  const { task } = route.useSearch();
  const search = useRef<HTMLInputElement>(null);
  const [filter, setFilter] = useFilter();
  const [creating, setCreating] = useState(false);
  const deferred = useDeferredValue(filter);

  const open = useCallback(
    (id: string) => void navigate({ to: ".", search: (now: object) => ({ ...now, task: id }), resetScroll: false }),
    [navigate],
  );
  const close = useCallback(() => {
    void navigate({ to: ".", search: ({ task: _closed, ...rest }: { task?: string }) => rest, resetScroll: false });
  }, [navigate]);

  const mayCreate = may(me.role, "task.create") && board.columns.length > 0;
  const faces = useMemo(() => inCharge(board.cards.values(), people.list, me.id), [board.cards, people.list, me.id]);
  const shown = useMemo(() => (isActive(deferred) ? [...board.cards.values()].filter(matcher(deferred)).length : board.cards.size), [board.cards, deferred]);

  useShortcuts({
    "/": () => search.current?.focus(),
    q: () => setFilter({ ...filter, pics: filter.pics.length === 1 && filter.pics[0] === me.id ? [] : [me.id] }),
    x: () => setFilter({ text: "", pics: [] }),
    ...(mayCreate ? { n: () => setCreating(true) } : {}),
  });

  return (
    <div className="board" data-panel={task ? true : undefined}>
      <div className="board-main">
        <header className="board-head">
          <div className="board-title">
            <h1>{board.name}</h1>
            {may(me.role, "board.edit") && <BoardMenu board={board} />}
            <Live />
          </div>
          {mayCreate && <Button look="primary" icon="plus" className="new-task" aria-label={t.board.newTask} onClick={() => setCreating(true)} aria-keyshortcuts="n"><span>{t.board.newTask}</span></Button>}
          <Filter value={filter} onChange={setFilter} people={faces} counts={{ shown, all: board.cards.size }} search={search} />
        </header>
        <BoardView board={board} pending={pending} filter={deferred} people={people} selectedId={task ?? null} open={open} />
      </div>
      <Suspense>
        {task && <TaskPanel key={task} taskId={task} board={board} people={people} onClose={close} />}
        {creating && <NewTask boardId={board.id} columns={board.columns} start={board.columns[0]?.id ?? ""} people={people.list} onClose={() => setCreating(false)} onOpen={open} />}
      </Suspense>
    </div>
  );
}

export function BoardPage() {
  const t = useText();
  const { boardId } = route.useParams();
  const board = useBoard(boardId);
  useLive(boardId, board.isSuccess);
  if (board.data?.deleted) return <Empty title={t.board.gone} />;
  if (board.data) return <Ready key={boardId} board={board.data} />;
  if (board.error) return <Failure error={board.error} retry={() => void board.refetch()} />;
  return <Loading />;
}
