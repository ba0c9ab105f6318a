/** Accounts elsewhere that one can sign in with: linking another, unlinking one. */
import { useRef, useState } from "react";
import { linkIdentity, unlinkIdentity } from "../../api/external";
import { isProblem } from "../../api/problem";
import type { Identity, Provider } from "../../api/types";
import { agoLabel } from "../../domain/ago";
import { dayLabel } from "../../domain/deadline";
import { mayLeaveFor } from "../../domain/returnPath";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { keys, queries } from "../../state/queries";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { toast } from "../../ui/toast";
import { Certain } from "../security/Certain";
import { complain, confirmed } from "../security/stepUp";
import { ProviderMark } from "./ProviderMark";

function Line({ identity, onUnlink }: { identity: Identity; onUnlink: () => void }) {
  const t = useText();
  const clock = useClock();
  const words = t.external;
  return (
    <li className="row identity">
      <ProviderMark id={identity.provider} name={identity.provider_name} />
      <span className="row-main">
        <strong>{identity.provider_name}</strong>
        <span className="faint">
          {identity.email ?? identity.name ?? ""}{(identity.email ?? identity.name) && " · "}
          {words.linkedOn(dayLabel(identity.linked_at, clock))}
          {identity.last_used_at && <> · {words.used(agoLabel(identity.last_used_at, clock, t))}</>}
        </span>
      </span>
      <Button aria-label={words.unlinkOf(identity.provider_name)} onClick={onUnlink}>{words.unlink}</Button>
    </li>
  );
}

export function Identities({ items, providers }: { items: readonly Identity[]; providers: readonly Provider[] }) {
  const t = useText();
  const words = t.external;
  const [ending, setEnding] = useState<Identity | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const link = useSend((provider: string) => confirmed(() => linkIdentity(provider, "/settings/security")), {
    done: ({ location: to }) => {
      if (mayLeaveFor(to)) location.assign(to);
      else toast(words.badAddress, { tone: "bad" });
    },
    failed: (error) => complain(error, t),
  });
  const close = () => {
    setEnding(null);
    rescueFocus(heading.current);
  };
  const open = providers.filter(({ id }) => !items.some((identity) => identity.provider === id));
  if (items.length === 0 && open.length === 0) return null;
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{words.title}</h2>
      <div className="form">
        <p className="setting-text">{words.text}{items.length === 0 && <> {words.none}</>}</p>
        {items.length > 0 && <ul className="rows">{items.map((identity) => <Line key={identity.id} identity={identity} onUnlink={() => setEnding(identity)} />)}</ul>}
        {open.length > 0 && (
          <div className="form-start">
            {open.map(({ id, name }) => <Button key={id} busy={link.busy} onClick={() => link.send(id)}><ProviderMark id={id} name={name} /> {words.link(name)}</Button>)}
          </div>
        )}
      </div>
      {ending && (
        <Certain title={words.unlinkTitle(ending.provider_name)} text={words.unlinkText} action={words.unlink} onClose={close}
          told={(error) => (isProblem(error, "conflict") ? words.lastWayIn : undefined)}
          run={() => confirmed(() => unlinkIdentity(ending.id))}
          onDone={() => {
            toast(words.unlinked(ending.provider_name));
            void queries.invalidateQueries({ queryKey: keys.identities });
            close();
          }} />
      )}
    </section>
  );
}
