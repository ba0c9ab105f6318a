/** Recovery codes: how many are left, and making new ones. They come with the first app or passkey, and go with the last. */
import { useRef, useState } from "react";
import { newRecoveryCodes } from "../../api/identity";
import { useText } from "../../i18n";
import { keys, queries } from "../../state/queries";
import { Button } from "../../ui/Button";
import { rescueFocus } from "../../ui/focus";
import { Certain } from "./Certain";
import { RecoveryCodes } from "./RecoveryCodes";
import { confirmed } from "./stepUp";

/** Below this many it is time for new ones. */
const FEW = 3;

export function Recovery({ left }: { left: number }) {
  const t = useText();
  const words = t.security.mfa;
  const [open, setOpen] = useState<"ask" | readonly string[] | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => {
    setOpen(null);
    rescueFocus(heading.current);
  };
  return (
    <section className="setting">
      <h2 ref={heading} tabIndex={-1}>{t.passkeys.recovery}</h2>
      <div className="form">
        <p className="setting-text">{t.passkeys.recoveryText}</p>
        {left < FEW ? <p className="note" data-tone="warn"><span>{words.few(left)}</span></p> : <p className="setting-line">{words.left(left)}</p>}
        <div><Button onClick={() => setOpen("ask")}>{words.newCodes}</Button></div>
      </div>
      {open === "ask" && (
        <Certain title={words.newCodesTitle} text={words.newCodesText} action={words.make} look="primary" run={() => confirmed(newRecoveryCodes)} onClose={close}
          onDone={(answer) => {
            setOpen(answer.recovery_codes);
            void queries.invalidateQueries({ queryKey: keys.mfa });
          }} />
      )}
      {open !== null && open !== "ask" && <RecoveryCodes codes={open} onClose={close} />}
    </section>
  );
}
