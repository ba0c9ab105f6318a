/** A task beside its board (a sheet from below on a phone): everything about it, in one place. */
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { isProblem } from "../../api/problem";
import { useMe } from "../../api/session";
import { deleteTask, restoreTask } from "../../api/tasks";
import type { Task } from "../../api/types";
import { fullMoment, momentLabel } from "../../domain/deadline";
import type { BoardState } from "../../domain/board";
import { isOwn, may } from "../../domain/policy";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { adoptTask, useTask, type People } from "../../state/queries";
import { Button, IconButton } from "../../ui/Button";
import { Empty, explain, Failure, Loading } from "../../ui/states";
import { toast } from "../../ui/toast";
import { Comments } from "./Comments";
import { Conflict } from "./Conflict";
import { Description } from "./Description";
import { Facts } from "./Facts";
import { History } from "./History";
import { Title } from "./Title";
import { useEditor } from "./useEditor";
import { useTitle } from "../../ui/useTitle";

interface Props {
  taskId: string;
  board: BoardState;
  people: People;
  onClose: () => void;
}

/** Where the panel covers everything, everything else is out of reach until it closes. */
function useModalOnPhones() {
  useEffect(() => {
    const narrow = window.matchMedia("(max-width: 719px)");
    const others = [...document.querySelectorAll<HTMLElement>(".board-main, .top, .tabs-bottom")];
    const apply = () => {
      for (const each of others) each.inert = narrow.matches;
    };
    apply();
    narrow.addEventListener("change", apply);
    return () => {
      narrow.removeEventListener("change", apply);
      for (const each of others) each.inert = false;
    };
  }, []);
}

/** Focus comes into the panel when it opens, and goes back to the card when it closes. */
function useSheetFocus(taskId: string) {
  const panel = useRef<HTMLElement>(null);
  useModalOnPhones();
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    return () => {
      requestAnimationFrame(() => {
        if (document.activeElement === null || document.activeElement === document.body) {
          document.querySelector<HTMLElement>(`[data-card="${taskId}"]`)?.focus();
        }
      });
    };
  }, [taskId]);
  return panel;
}

/** Trash and back again; each offers the way back. */
function useTrash(onClose: () => void) {
  const t = useText();
  const restore = async (task: Task) => {
    try {
      const back = await restoreTask(task.id, task.version);
      adoptTask(back);
      toast(t.task.restored(back.title));
    } catch (error) {
      toast(explain(error, t), { tone: "bad" });
    }
  };
  const remove = async (task: Task) => {
    try {
      const gone = await deleteTask(task.id, task.version);
      adoptTask(gone);
      onClose();
      toast(t.task.deleted(task.title), { action: { label: t.action.undo, run: () => void restore(gone) } });
    } catch (error) {
      if (isProblem(error, "version_conflict") && error.body.current) adoptTask(error.body.current);
      toast(explain(error, t), { tone: "bad" });
    }
  };
  return { restore, remove };
}

function Talk({ task, people, frozen }: { task: Task; people: People; frozen: boolean }) {
  const t = useText();
  return (
    <Tabs className="talk">
      <TabList aria-label={t.task.panel} className="tab-list">
        <Tab id="comments" className="tab">{t.task.comments}</Tab>
        <Tab id="history" className="tab">{t.task.history}</Tab>
      </TabList>
      <TabPanel id="comments"><Comments taskId={task.id} frozen={frozen} /></TabPanel>
      <TabPanel id="history"><History taskId={task.id} version={task.version} people={people} /></TabPanel>
    </Tabs>
  );
}

function Content({ task, board, people, head, onClose }: { task: Task; head: (actions: ReactNode) => ReactNode } & Omit<Props, "taskId">) {
  const t = useText();
  const me = useMe();
  const clock = useClock();
  const editor = useEditor(task);
  const trash = useTrash(onClose);
  const refused = editor.draft?.refused !== undefined;
  const [putOff, setPutOff] = useState(false);
  // A conflict that was put off asks again when the next save is refused.
  useEffect(() => {
    if (!refused) setPutOff(false);
  }, [refused]);
  const frozen = task.deleted_at !== null;
  const own = isOwn(me, task);
  const edits = may(me.role, "task.edit", own);
  const creator = people.get(task.created_by)?.name ?? t.history.someone;
  const copy = () => void navigator.clipboard.writeText(location.href).then(() => toast(t.task.copied));
  return (
    <>
      {head(
        <>
          <IconButton icon="link" label={t.task.copyLink} onClick={copy} />
          {!frozen && may(me.role, "task.delete", own) && <IconButton icon="trash" label={t.task.delete} onClick={() => void trash.remove(task)} />}
        </>,
      )}
      <div className="panel-body">
        {frozen && (
          <div className="note" data-tone="bad">
            <span>{t.task.inTrash}</span>
            {may(me.role, "task.delete", own) && <Button onClick={() => void trash.restore(task)}>{t.action.restore}</Button>}
          </div>
        )}
        {refused && putOff && (
          <div className="note" data-tone="warn">
            <span>{t.conflict.waiting}</span>
            <Button onClick={() => setPutOff(false)}>{t.conflict.decide}</Button>
            <Button look="quiet" onClick={editor.forget}>{t.task.discard}</Button>
          </div>
        )}
        {!frozen && !edits && <p className="note">{own && me.role === "pic" ? t.task.readOnlyPic : t.task.readOnly}</p>}
        <Title editor={editor} mayEdit={edits && !frozen} />
        <Facts editor={editor} columns={board.columns} people={people} frozen={frozen} />
        <Description editor={editor} mayEdit={edits && !frozen} />
        <Talk task={task} people={people} frozen={frozen} />
        <p className="faint panel-foot" title={fullMoment(task.created_at, clock)}>{t.task.created(creator, momentLabel(task.created_at, clock))}</p>
      </div>
      {refused && !putOff && <Conflict editor={editor} people={people} onLater={() => setPutOff(true)} />}
    </>
  );
}

export function TaskPanel({ taskId, board, people, onClose }: Props) {
  const t = useText();
  const task = useTask(taskId);
  const panel = useSheetFocus(taskId);
  useTitle(task.data?.title ?? t.task.panel);
  const column = board.columns.find((each) => each.id === task.data?.column_id)?.name;
  const head = (actions: ReactNode) => (
    <header className="panel-head">
      <span className="panel-where">{board.name}{column && <> <span aria-hidden="true">/</span> {column}</>}</span>
      {actions}
      <IconButton icon="close" label={t.action.close} onClick={onClose} />
    </header>
  );
  return (
    <>
      <div className="panel-veil" onClick={onClose} aria-hidden="true" />
      <aside ref={panel} className="panel" role="dialog" aria-label={task.data?.title ?? t.task.panel} tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.defaultPrevented || event.nativeEvent.isComposing) return;
          event.stopPropagation();
          onClose();
        }}>
        {task.data ? <Content task={task.data} board={board} people={people} head={head} onClose={onClose} /> : head(null)}
        {task.isPending && <Loading />}
        {task.error && !task.data && (isProblem(task.error) && task.error.status === 404 ? <Empty title={t.task.notFound} /> : <Failure error={task.error} retry={() => void task.refetch()} />)}
      </aside>
    </>
  );
}
