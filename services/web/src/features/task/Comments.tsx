/** What people say about a task. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type KeyboardEvent } from "react";
import { useMe } from "../../api/session";
import { comment, comments } from "../../api/tasks";
import type { Comment, Page } from "../../api/types";
import { fullMoment, momentLabel } from "../../domain/deadline";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { useOnce } from "../../state/once";
import { keys, queries } from "../../state/queries";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { explain, Failure, Loading } from "../../ui/states";
import { toast } from "../../ui/toast";
import { Markdown } from "./Markdown";

function Write({ taskId }: { taskId: string }) {
  const t = useText();
  const me = useMe();
  const once = useOnce();
  const [body, setBody] = useState("");
  const send = useMutation({
    mutationFn: (text: string) => comment(taskId, text, once.keyFor(text)),
    onSuccess: (said) => {
      once.done();
      setBody("");
      queries.setQueryData<Page<Comment>>(keys.comments(taskId), (page) => page && { ...page, items: [...page.items.filter((other) => other.id !== said.id), said] });
      void queries.invalidateQueries({ queryKey: keys.comments(taskId) });
    },
    onError: (error) => toast(explain(error, t), { tone: "bad" }),
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (body.trim() !== "" && !send.isPending) send.mutate(body.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) submit();
  };
  return (
    <form className="comment-write" onSubmit={submit}>
      <Avatar person={me} />
      <div>
        <textarea className="input textarea" rows={2} value={body} maxLength={10_000} placeholder={t.task.comment} aria-label={t.task.comment}
          onChange={(event) => setBody(event.target.value)} onKeyDown={onKeyDown} />
        {body.trim() !== "" && (
          <div className="form-end">
            <span className="faint wide-only">{t.task.sendHint}</span>
            <Button type="submit" look="primary" busy={send.isPending}>{t.task.send}</Button>
          </div>
        )}
      </div>
    </form>
  );
}

export function Comments({ taskId, frozen }: { taskId: string; frozen: boolean }) {
  const t = useText();
  const clock = useClock();
  const list = useQuery({ queryKey: keys.comments(taskId), queryFn: () => comments(taskId) });
  if (list.isPending) return <Loading />;
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  const said = [...list.data.items].sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  return (
    <>
      <ul className="comments">
        {said.length === 0 && <li className="faint">{t.task.noComments}</li>}
        {said.map((each) => (
          <li key={each.id} className="comment">
            <Avatar person={{ id: each.author_id, name: each.author_name }} />
            <div>
              <p className="comment-head">
                <strong>{each.author_name}</strong>
                <time className="faint" dateTime={each.created_at} title={fullMoment(each.created_at, clock)}>{momentLabel(each.created_at, clock)}</time>
              </p>
              <Markdown source={each.body} />
            </div>
          </li>
        ))}
      </ul>
      {!frozen && <Write taskId={taskId} />}
    </>
  );
}
