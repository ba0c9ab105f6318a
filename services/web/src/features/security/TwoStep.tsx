/** The second step of signing in: whether it is on, setting it up, recovery codes, switching it off. */
import { useRef, useState } from "react";
import { newRecoveryCodes, removeTotp, startTotp, type TotpSecret } from "../../api/identity";
import type { Mfa } from "../../api/types";
import { dayLabel } from "../../domain/deadline";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { keys, queries } from "../../state/queries";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { toast } from "../../ui/toast";
import { Certain } from "./Certain";
import { Mark } from "./Mark";
import { RecoveryCodes } from "./RecoveryCodes";
import { complain, confirmed } from "./stepUp";
import { TotpSetup } from "./TotpSetup";

/** Below this many recovery codes it is time for new ones. */
const FEW = 3;

type Open = { kind: "setup"; secret: TotpSecret } | { kind: "codes"; codes: string[]; first: boolean } | { kind: "renew" } | { kind: "off" } | null;

const reload = () => queries.invalidateQueries({ queryKey: keys.mfa });

export function TwoStep({ state }: { state: Mfa }) {
  const t = useText();
  const clock = useClock();
  const words = t.security.mfa;
  const [open, setOpen] = useState<Open>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => {
    setOpen(null);
    // The button that opened the dialog may be gone with what it was for.
    rescueFocus(heading.current);
  };
  const start = useSend(() => confirmed(startTotp), {
    done: (secret) => setOpen({ kind: "setup", secret }),
    failed: (error) => complain(error, t),
  });
  const show = (codes: string[], first: boolean) => {
    setOpen({ kind: "codes", codes, first });
    void reload();
  };
  const left = state.recovery_codes_left;
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{words.title}</h2>
      {state.totp.enabled ? (
        <div className="form">
          <p className="setting-line">
            <Mark on>{words.on}</Mark>
            {left >= FEW && <span className="faint">{words.left(left)}</span>}
          </p>
          {state.totp.enabled_at && <p className="setting-text">{words.since(dayLabel(state.totp.enabled_at, clock))}</p>}
          {left < FEW && <p className="note" data-tone="warn"><span>{words.few(left)}</span></p>}
          <div className="form-start">
            <Button onClick={() => setOpen({ kind: "renew" })}>{words.newCodes}</Button>
            <Button look="danger" onClick={() => setOpen({ kind: "off" })}>{words.switchOff}</Button>
          </div>
        </div>
      ) : (
        <div className="form">
          <p className="setting-line"><Mark on={false}>{words.off}</Mark></p>
          <p className="setting-text">{words.offText}</p>
          <div><Button look="primary" icon="shield" busy={start.busy} onClick={() => start.send()}>{words.setUp}</Button></div>
        </div>
      )}
      {open?.kind === "setup" && <TotpSetup secret={open.secret} onClose={close} onDone={(codes) => show(codes, true)} />}
      {open?.kind === "codes" && (
        <RecoveryCodes codes={open.codes} onClose={() => {
          if (open.first) toast(words.switchedOn);
          close();
        }} />
      )}
      {open?.kind === "renew" && (
        <Certain title={words.newCodesTitle} text={words.newCodesText} action={words.make} look="primary"
          run={() => confirmed(newRecoveryCodes)} onDone={(answer) => show(answer.recovery_codes, false)} onClose={close} />
      )}
      {open?.kind === "off" && (
        <Certain title={words.switchOffTitle} text={words.switchOffText} action={words.switchOff} run={() => confirmed(removeTotp)} onClose={close}
          onDone={() => {
            close();
            toast(words.switchedOff);
            void reload();
          }} />
      )}
    </section>
  );
}
