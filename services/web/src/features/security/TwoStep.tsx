/** The second step of signing in: whether an authenticator app is on, setting it up, switching it off. */
import { useRef, useState } from "react";
import { removeTotp } from "../../api/identity";
import type { Mfa } from "../../api/types";
import { dayLabel } from "../../domain/deadline";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { keys, queries } from "../../state/queries";
import { Button } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { toast } from "../../ui/toast";
import { Certain } from "./Certain";
import { Mark } from "./Mark";
import { confirmed } from "./stepUp";
import { useFactorSetup } from "./useFactorSetup";

export function TwoStep({ state }: { state: Mfa }) {
  const t = useText();
  const clock = useClock();
  const words = t.security.mfa;
  const [ending, setEnding] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that opened the dialog may be gone with what it was for.
  const rescue = () => rescueFocus(heading.current);
  const setup = useFactorSetup(rescue);
  const close = () => {
    setEnding(false);
    rescue();
  };
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{words.title}</h2>
      {state.totp.enabled ? (
        <div className="form">
          <p className="setting-line"><Mark on>{words.on}</Mark></p>
          {state.totp.enabled_at && <p className="setting-text">{words.since(dayLabel(state.totp.enabled_at, clock))}</p>}
          <div><Button look="danger" onClick={() => setEnding(true)}>{words.switchOff}</Button></div>
        </div>
      ) : (
        <div className="form">
          <p className="setting-line"><Mark on={false}>{words.off}</Mark></p>
          <p className="setting-text">{words.offText}</p>
          <div><Button icon="shield" busy={setup.appBusy} onClick={setup.startApp}>{words.setUp}</Button></div>
        </div>
      )}
      {setup.dialogs}
      {ending && (
        <Certain title={words.switchOffTitle} text={state.passkeys.length > 0 ? words.switchOffOther : words.switchOffText} action={words.switchOff} run={() => confirmed(removeTotp)} onClose={close}
          onDone={() => {
            close();
            toast(words.switchedOff);
            void queries.invalidateQueries({ queryKey: keys.mfa });
          }} />
      )}
    </section>
  );
}
