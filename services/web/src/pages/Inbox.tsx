/** What others did that concerns the reader, newest first. */
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { markRead, notices } from "../api/notices";
import type { Notice } from "../api/types";
import { fullMoment, momentLabel } from "../domain/deadline";
import { useFieldName, Value } from "../features/task/values";
import { useText, type Dictionary } from "../i18n";
import { useClock } from "../state/clock";
import { keys, queries, usePeople, useUnread, type People } from "../state/queries";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Empty, Failure, Loading } from "../ui/states";
import { useTitle } from "../ui/useTitle";

const SHOWN = new Set(["column", "status", "pic_id", "deadline", "priority", "title", "labels"]);

type Line = keyof Dictionary["inbox"]["line"];

function sentence(notice: Notice, who: string, t: Dictionary): string {
  const lines = t.inbox.line;
  const line = [notice.reason, notice.kind].find((word) => word in lines) ?? "edited";
  return lines[line as Line](who);
}

function Item({ notice, people, onRead }: { notice: Notice; people: People; onRead: () => void }) {
  const t = useText();
  const clock = useClock();
  const name = useFieldName();
  const who = people.get(notice.actor_id)?.name ?? notice.actor_name ?? t.history.someone;
  const named = notice.fields.some((field) => field.name === "column");
  const fields = notice.fields.filter((field) => SHOWN.has(field.name) && !(named && field.name === "status") && notice.kind !== "created").slice(0, 3);
  const body = (
    <>
      <Avatar person={{ id: notice.actor_id ?? "", name: who }} />
      <span className="notice-main">
        <span className="notice-line">
          {sentence(notice, who, t)}
          <time className="faint" dateTime={notice.created_at} title={fullMoment(notice.created_at, clock)}>{momentLabel(notice.created_at, clock)}</time>
        </span>
        <strong>{notice.title} {notice.board_name && <span className="faint">{notice.board_name}</span>}</strong>
        {fields.map((field) => (
          <span key={field.name} className="change">
            <span className="change-name">{name(field.name)}</span>
            <span className="change-before"><Value field={field.name} value={field.before} people={people} name={field.before_name} /></span>
            <Icon name="arrow" size={14} />
            <span className="change-after"><Value field={field.name} value={field.after} people={people} name={field.after_name} /></span>
          </span>
        ))}
      </span>
      {!notice.read_at && <span className="dot"><span className="sr-only">{t.inbox.isUnread}</span></span>}
    </>
  );
  if (!notice.board_id) return <li><div className="notice">{body}</div></li>;
  return (
    <li>
      <Link to="/boards/$boardId" params={{ boardId: notice.board_id }} search={notice.task_id ? { task: notice.task_id } : {}}
        className="notice" data-unread={!notice.read_at || undefined} onClick={onRead}>
        {body}
      </Link>
    </li>
  );
}

export function Inbox() {
  const t = useText();
  useTitle(t.inbox.title);
  const people = usePeople();
  const unread = useUnread().data ?? 0;
  const [only, setOnly] = useState(false);
  const list = useInfiniteQuery({
    queryKey: [...keys.notices, only],
    queryFn: ({ pageParam }) => notices(only, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 20_000,
  });
  const read = useMutation({
    mutationFn: markRead,
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: keys.notices }), queries.invalidateQueries({ queryKey: keys.unread })]),
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <h1>{t.inbox.title}</h1>
        <Button onClick={() => read.mutate({ all: true })} disabled={unread === 0} icon="check">{t.inbox.markAll}</Button>
      </header>
      <div className="segments" role="group" aria-label={t.inbox.title}>
        <button type="button" aria-pressed={!only} onClick={() => setOnly(false)}>{t.inbox.all}</button>
        <button type="button" aria-pressed={only} onClick={() => setOnly(true)}>{t.inbox.unread} {unread > 0 && <small>{unread}</small>}</button>
      </div>
      {list.isPending && <Loading />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <Empty title={t.inbox.empty} text={t.inbox.emptyText} />}
      <ul className="notices">
        {items.map((notice) => <Item key={notice.id} notice={notice} people={people} onRead={() => !notice.read_at && read.mutate({ ids: [notice.id] })} />)}
      </ul>
      {list.hasNextPage && <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>{t.action.more}</Button>}
    </div>
  );
}
