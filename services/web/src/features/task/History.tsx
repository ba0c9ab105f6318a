/** What the audit log holds about a task: who, when, from what, to what. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { history } from "../../api/notices";
import type { AuditEntry, FieldChange } from "../../api/types";
import { fullMoment, momentLabel } from "../../domain/deadline";
import { condense, diffLines } from "../../domain/diff";
import { useText, type Dictionary } from "../../i18n";
import { useClock } from "../../state/clock";
import { keys, type People } from "../../state/queries";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Failure, Loading } from "../../ui/states";
import { useFieldName, Value } from "./values";

/** A column's id means nothing to a reader: its name is recorded beside it. The zone travels with the deadline. */
const SILENT = new Set(["column_id", "deadline_zone", "rank"]);

export function Diff({ before, after }: { before: string; after: string }) {
  return (
    <div className="diff">
      {condense(diffLines(before, after)).map((line, i) =>
        line === null ? <hr key={i} /> : (
          <div key={i} data-kind={line.kind}>
            <span aria-hidden="true">{line.kind === "gone" ? "−" : line.kind === "new" ? "+" : ""}</span>
            {line.kind === "gone" ? <del>{line.text || " "}</del> : line.kind === "new" ? <ins>{line.text || " "}</ins> : <span>{line.text || " "}</span>}
          </div>
        ),
      )}
    </div>
  );
}

function Change({ change, people, fresh, erased }: { change: FieldChange; people: People; fresh: boolean; erased: boolean }) {
  const t = useText();
  const name = useFieldName();
  const { before, after } = change;
  if (erased) {
    return <div className="change"><span className="change-name">{name(change.name)}</span><span className="nothing">{t.history.erased}</span></div>;
  }
  if (change.name === "comment") return <p className="change-quote">{String(after ?? "")}</p>;
  if (change.name === "description") {
    return (
      <div className="change change-tall">
        <span className="change-name">{name(change.name)}</span>
        <Diff before={typeof before === "string" ? before : ""} after={typeof after === "string" ? after : ""} />
      </div>
    );
  }
  return (
    <div className="change">
      <span className="change-name">{name(change.name)}</span>
      {!fresh && (
        <>
          <span className="sr-only">{t.history.from} </span>
          <span className="change-before"><Value field={change.name} value={before} people={people} /></span>
          <Icon name="arrow" size={14} />
          <span className="sr-only"> {t.history.to} </span>
        </>
      )}
      <span className="change-after"><Value field={change.name} value={after} people={people} /></span>
    </div>
  );
}

type Verb = Exclude<keyof Dictionary["history"], "field" | "entry" | "other">;

function Entry({ entry, people }: { entry: AuditEntry; people: People }) {
  const t = useText();
  const clock = useClock();
  const fresh = entry.kind === "created";
  const name = entry.actor ? (people.get(entry.actor.id)?.name ?? entry.actor.name ?? t.history.someone) : t.history.someone;
  const known = ["created", "edited", "moved", "deleted", "restored", "commented"].includes(entry.kind);
  const verb = known ? t.history[entry.kind as Verb] : t.history.other(entry.kind);
  const empty = (value: unknown) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0) || value === "none";
  // The column says what the status would say again.
  const named = entry.fields.some((field) => field.name === "column");
  const changes = entry.fields.filter((field) => !SILENT.has(field.name) && !(fresh && !entry.erased && empty(field.after)) && !(named && field.name === "status"));
  return (
    <li className="entry" data-kind={entry.kind}>
      <Avatar person={{ id: entry.actor?.id ?? "", name }} size="s" />
      <div>
        <p className="entry-head">
          <strong>{name}</strong> {verb}
          <time className="faint" dateTime={entry.time} title={`${fullMoment(entry.time, clock)} · ${t.history.entry(entry.index)}`}>{momentLabel(entry.time, clock)}</time>
        </p>
        {changes.map((change) => <Change key={change.name} change={change} people={people} fresh={fresh} erased={entry.erased} />)}
      </div>
    </li>
  );
}

export function History({ taskId, version, people }: { taskId: string; version: number; people: People }) {
  const t = useText();
  const log = useInfiniteQuery({
    queryKey: keys.history(taskId),
    queryFn: ({ pageParam }) => history(taskId, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // The log follows the task by a moment: ask until it holds the version on screen.
    refetchInterval: ({ state }) => (state.data && newest(state.data.pages[0]?.items) < version ? 1000 : false),
  });
  if (log.isPending) return <Loading />;
  if (log.error) return <Failure error={log.error} retry={() => void log.refetch()} />;
  const entries = log.data.pages.flatMap((page) => page.items).sort((a, b) => b.index - a.index);
  return (
    <>
      {newest(entries) < version && <p className="faint" role="status">{t.history.pending}</p>}
      <ol className="entries">{entries.map((entry) => <Entry key={entry.event_id} entry={entry} people={people} />)}</ol>
      {entries.length === 0 && newest(entries) >= version && <p className="faint">{t.history.empty}</p>}
      {log.hasNextPage && <Button onClick={() => void log.fetchNextPage()} busy={log.isFetchingNextPage}>{t.action.more}</Button>}
    </>
  );
}

const newest = (entries: readonly AuditEntry[] | undefined): number => Math.max(0, ...(entries ?? []).map((entry) => entry.version));
