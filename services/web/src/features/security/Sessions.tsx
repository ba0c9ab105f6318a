/** Where one is signed in, and ending that. This device comes first; it is left by signing out. */
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { endOtherSessions, endSession, type DeviceSession } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { useMe } from "../../api/session";
import { agoLabel } from "../../domain/ago";
import { fullMoment } from "../../domain/deadline";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { keys, queries } from "../../state/queries";
import { Button } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";
import { Certain } from "./Certain";
import { Mark } from "./Mark";

const reload = () => queries.invalidateQueries({ queryKey: keys.sessions });

function Session({ session, onGone }: { session: DeviceSession; onGone: () => void }) {
  const t = useText();
  const clock = useClock();
  const words = t.security.sessions;
  // Most people have one workspace; it is named where it tells something.
  const elsewhere = session.workspace.id !== useMe().workspace.id;
  const device = session.device || words.unknownDevice;
  const end = useMutation({
    mutationFn: () =>
      endSession(session.id).catch((error: unknown) => {
        // Gone already, which is what was wanted.
        if (!isProblem(error) || error.status !== 404) throw error;
      }),
    onSuccess: () => toast(words.ended(device)),
    onError: (error) => toast(explain(error, t), { tone: "bad" }),
    onSettled: () => reload().then(onGone),
  });
  return (
    <li className="row session">
      <span className="row-main">
        <strong>{device} {session.current && <Mark on>{words.current}</Mark>}</strong>
        <span className="faint">
          <time dateTime={session.last_used_at} title={fullMoment(session.last_used_at, clock)}>
            {session.current ? words.usedNow : words.used(agoLabel(session.last_used_at, clock, t))}
          </time>
          {session.place && <> · {words.place(session.place)}</>}
          {elsewhere && <> · {session.workspace.name}</>}
        </span>
      </span>
      {!session.current && <Button busy={end.isPending} aria-label={words.endOf(device)} onClick={() => end.mutate()}>{words.end}</Button>}
    </li>
  );
}

/** This device, then whichever was used last. */
const inOrder = (items: readonly DeviceSession[]): DeviceSession[] =>
  [...items].sort((a, b) => Number(b.current) - Number(a.current) || Date.parse(b.last_used_at) - Date.parse(a.last_used_at));

export function Sessions({ items }: { items: readonly DeviceSession[] }) {
  const t = useText();
  const words = t.security.sessions;
  const [ending, setEnding] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const rescue = () => rescueFocus(heading.current);
  const others = items.some((session) => !session.current);
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{words.title}</h2>
      <div>
        <p className="setting-text">{words.text}</p>
        <ul className="rows sessions">{inOrder(items).map((session) => <Session key={session.id} session={session} onGone={rescue} />)}</ul>
        <div className="form-start">
          {others ? <Button onClick={() => setEnding(true)}>{words.endOthers}</Button> : <p className="faint">{words.only}</p>}
        </div>
      </div>
      {ending && (
        <Certain title={words.endOthersTitle} text={words.endOthersText} action={words.endOthers} run={endOtherSessions} onClose={() => setEnding(false)}
          onDone={({ ended }) => {
            setEnding(false);
            toast(words.othersEnded(ended));
            void reload().then(rescue);
          }} />
      )}
    </section>
  );
}
