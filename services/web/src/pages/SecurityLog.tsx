/** For admins: who signed in from where, who was refused, and what else concerns the security of accounts. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { securityLog, type LogFilter } from "../api/notices";
import { isProblem } from "../api/problem";
import { useMe } from "../api/session";
import { may } from "../domain/policy";
import { byDay, dayName, KINDS, knownKind, logLine } from "../domain/securityLog";
import { LogLine } from "../features/security/LogLine";
import { useText } from "../i18n";
import { useClock } from "../state/clock";
import { keys, usePeople, type People } from "../state/queries";
import { announce } from "../ui/announce";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { rescueFocus } from "../ui/focus";
import { Icon } from "../ui/Icon";
import { Select } from "../ui/Select";
import { Empty, Failure, Loading } from "../ui/states";
import { useTitle } from "../ui/useTitle";

/** Stands for no choice in the lists; neither a kind nor an id. */
const ALL = "*";

function Filters({ filter, people }: { filter: LogFilter; people: People }) {
  const t = useText();
  const words = t.securityLog;
  const navigate = useNavigate();
  const set = (next: LogFilter) => {
    const search = { ...(next.kind ? { kind: next.kind } : {}), ...(next.account ? { account: next.account } : {}) };
    void navigate({ to: "/people/security", search, replace: true });
  };
  // One that came with the address may be unknown here, and is offered as well.
  const kinds = filter.kind && !knownKind(filter.kind) ? [...KINDS, filter.kind] : KINDS;
  const known = people.list.map((person) => ({ id: person.id, label: person.name, mark: <Avatar person={person} size="s" /> }));
  const persons = filter.account && !people.get(filter.account) ? [...known, { id: filter.account, label: words.someone }] : known;
  return (
    <div className="log-filters" role="group" aria-label={words.filters}>
      <span className="log-filter">
        <span className="field-name" aria-hidden="true">{words.what}</span>
        <Select label={words.what} value={filter.kind ?? ALL} onChange={(kind) => set({ ...filter, kind: kind === ALL ? undefined : kind })}
          options={[{ id: ALL, label: words.everything }, ...kinds.map((kind) => ({ id: kind, label: knownKind(kind) ? words.kind[kind] : kind }))]} />
      </span>
      <span className="log-filter">
        <span className="field-name" aria-hidden="true">{words.who}</span>
        <Select label={words.who} value={filter.account ?? ALL} onChange={(account) => set({ ...filter, account: account === ALL ? undefined : account })}
          options={[{ id: ALL, label: words.everybody }, ...persons]} />
      </span>
    </div>
  );
}

function Log({ filter, people }: { filter: LogFilter; people: People }) {
  const t = useText();
  const words = t.securityLog;
  const clock = useClock();
  const list = useRef<HTMLDivElement>(null);
  const log = useInfiniteQuery({
    queryKey: keys.securityLog(filter),
    queryFn: ({ pageParam }) => securityLog(filter, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  if (log.isPending) return <Loading />;
  // A role may have changed since the page was drawn.
  if (isProblem(log.error, "forbidden")) return <OnlyAdmins />;
  if (log.error && !log.data) return <Failure error={log.error} retry={() => void log.refetch()} />;
  const lines = log.data.pages.flatMap((page) => page.items).map(logLine);
  const filtered = filter.kind !== undefined || filter.account !== undefined;
  const more = async () => {
    const { data } = await log.fetchNextPage();
    announce(words.shown(data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? lines.length));
    // The button is gone after the last page.
    rescueFocus(list.current);
  };
  return (
    <div ref={list} tabIndex={-1} className="log" aria-busy={log.isPlaceholderData || undefined} aria-label={words.title} role="region">
      {lines.length === 0 && (filtered ? (
        <Empty title={words.noMatches}><Link to="/people/security" className="button">{words.clear}</Link></Empty>
      ) : (
        <Empty title={words.empty} text={words.emptyText} />
      ))}
      {byDay(lines, clock.zone).map((day) => (
        <section key={day[0]?.id}>
          <h2 className="log-day">{dayName(day[0]?.time ?? "", clock)}</h2>
          <ul className="log-lines">{day.map((line) => <LogLine key={line.id} line={line} people={people} />)}</ul>
        </section>
      ))}
      {log.isFetchNextPageError && <p className="form-fault" role="alert">{t.error.other}</p>}
      {log.hasNextPage && <div className="log-more"><Button busy={log.isFetchingNextPage} onClick={() => void more()}>{t.action.more}</Button></div>}
    </div>
  );
}

function OnlyAdmins() {
  const t = useText();
  return (
    <Empty title={t.securityLog.onlyAdmins} text={t.securityLog.onlyAdminsText}>
      <Link to="/people" className="button">{t.securityLog.toPeople}</Link>
    </Empty>
  );
}

export function SecurityLog() {
  const t = useText();
  useTitle(t.securityLog.title);
  const allowed = may(useMe().role, "members.manage");
  const filter = useSearch({ from: "/home/people/security" });
  const people = usePeople();
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <div>
          <Link to="/people" className="text-button"><Icon name="left" size={16} /> {t.people.title}</Link>
          <h1>{t.securityLog.title}</h1>
          <p className="faint">{t.securityLog.text}</p>
        </div>
      </header>
      {allowed ? (
        <>
          <Filters filter={filter} people={people} />
          <Log filter={filter} people={people} />
        </>
      ) : (
        <OnlyAdmins />
      )}
    </div>
  );
}
