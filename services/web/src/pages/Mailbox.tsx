/** Mail kept here instead of being sent: the list, and one mail as it was designed. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { mail, mailbox } from "../api/notices";
import { isProblem } from "../api/problem";
import { fullMoment, momentLabel } from "../domain/deadline";
import { MailFrame } from "../features/mail/MailFrame";
import { useText } from "../i18n";
import { useClock } from "../state/clock";
import { keys } from "../state/queries";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Empty, Failure, Loading } from "../ui/states";
import { useTitle } from "../ui/useTitle";

const route = getRouteApi("/home/mailbox");

function Reading({ id }: { id: string }) {
  const t = useText();
  const clock = useClock();
  const [plain, setPlain] = useState(false);
  const one = useQuery({ queryKey: keys.mail(id), queryFn: () => mail(id), staleTime: Infinity });
  if (one.isPending) return <Loading />;
  if (one.error) return <Failure error={one.error} retry={() => void one.refetch()} />;
  const { subject, to, created_at, html, text } = one.data;
  return (
    <article className="mail">
      <header>
        <Link to="/mailbox" search={{}} className="text-button narrow-only"><Icon name="left" size={16} /> {t.app.back}</Link>
        <h2>{subject}</h2>
        <p className="faint">{t.mailbox.to(to)} · <time dateTime={created_at}>{fullMoment(created_at, clock)}</time></p>
        <div className="segments" role="group" aria-label={t.mailbox.message}>
          <button type="button" aria-pressed={!plain} onClick={() => setPlain(false)}>{t.mailbox.html}</button>
          <button type="button" aria-pressed={plain} onClick={() => setPlain(true)}>{t.mailbox.plain}</button>
        </div>
      </header>
      {plain ? <pre className="mail-text" tabIndex={0}>{text}</pre> : <MailFrame html={html} title={subject} />}
    </article>
  );
}

export function Mailbox() {
  const t = useText();
  useTitle(t.mailbox.title);
  const clock = useClock();
  const { mail: open } = route.useSearch();
  const list = useInfiniteQuery({
    queryKey: keys.mailbox,
    queryFn: ({ pageParam }) => mailbox(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 5_000,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const off = isProblem(list.error) && list.error.status === 404;
  return (
    <div className="page mailbox" data-open={open ? true : undefined}>
      <div className="mailbox-list">
        <header className="page-head">
          <div>
            <h1>{t.mailbox.title}</h1>
            <p className="faint">{off ? t.mailbox.off : t.mailbox.text}</p>
          </div>
        </header>
        {list.isPending && <Loading />}
        {list.error && !off && <Failure error={list.error} retry={() => void list.refetch()} />}
        {list.data && items.length === 0 && <Empty title={t.mailbox.empty} />}
        <ul className="notices">
          {items.map((item) => (
            <li key={item.id}>
              <Link to="/mailbox" search={{ mail: item.id }} className="notice" aria-current={item.id === open || undefined}>
                <span className="notice-main">
                  <span className="notice-line"><span className="faint">{item.to}</span><time className="faint" dateTime={item.created_at}>{momentLabel(item.created_at, clock)}</time></span>
                  <strong>{item.subject}</strong>
                </span>
              </Link>
            </li>
          ))}
        </ul>
        {list.hasNextPage && <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>{t.action.more}</Button>}
      </div>
      <section className="mailbox-mail" aria-label={t.mailbox.message}>
        {open ? <Reading key={open} id={open} /> : <p className="mailbox-none faint">{t.mailbox.pick}</p>}
      </section>
    </div>
  );
}
