/** One's passkeys: adding one, and taking away what is lost or not used any more. */
import { useRef, useState } from "react";
import { isProblem } from "../../api/problem";
import { removePasskey } from "../../api/passkeys";
import type { Passkey } from "../../api/types";
import { agoLabel } from "../../domain/ago";
import { dayLabel, fullMoment } from "../../domain/deadline";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { passkeysHere } from "../../state/passkey";
import { keys, queries } from "../../state/queries";
import { Button, IconButton } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { toast } from "../../ui/toast";
import { Certain } from "./Certain";
import { confirmed } from "./stepUp";
import { useFactorSetup } from "./useFactorSetup";

function Line({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const t = useText();
  const clock = useClock();
  const words = t.passkeys;
  return (
    <li className="row passkey">
      <span className="row-main">
        <strong>{passkey.name}</strong>
        <span className="faint">
          <time dateTime={passkey.created_at} title={fullMoment(passkey.created_at, clock)}>{words.created(dayLabel(passkey.created_at, clock))}</time>
          {" · "}
          {passkey.last_used_at ? <time dateTime={passkey.last_used_at} title={fullMoment(passkey.last_used_at, clock)}>{words.used(agoLabel(passkey.last_used_at, clock, t))}</time> : words.unused}
        </span>
      </span>
      <IconButton icon="trash" label={words.remove(passkey.name)} onClick={onRemove} />
    </li>
  );
}

export function Passkeys({ items }: { items: readonly Passkey[] }) {
  const t = useText();
  const words = t.passkeys;
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const rescue = () => rescueFocus(heading.current);
  const setup = useFactorSetup(rescue);
  const close = () => {
    setRemoving(null);
    rescue();
  };
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{words.title}</h2>
      <div className="form">
        <p className="setting-text">{words.text}</p>
        {items.length > 0 && <ul className="rows">{items.map((passkey) => <Line key={passkey.id} passkey={passkey} onRemove={() => setRemoving(passkey)} />)}</ul>}
        {passkeysHere() ? <div><Button icon="passkey" onClick={setup.startPasskey}>{words.add}</Button></div> : <p className="faint">{words.unsupported}</p>}
      </div>
      {setup.dialogs}
      {removing && (
        <Certain title={words.removeTitle(removing.name)} text={words.removeText} action={t.action.remove} onClose={close}
          run={() => confirmed(() => removePasskey(removing.id)).catch((error: unknown) => {
            // Gone already, which is what was wanted.
            if (!isProblem(error) || error.status !== 404) throw error;
          })}
          onDone={() => {
            toast(words.removed(removing.name));
            void queries.invalidateQueries({ queryKey: keys.mfa });
            close();
          }} />
      )}
    </section>
  );
}
