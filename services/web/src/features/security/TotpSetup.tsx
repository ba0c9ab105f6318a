/** Setting up the second step: the secret goes into an app, a code of the app proves that it arrived. */
import type { FormEvent } from "react";
import { confirmTotp, type TotpSecret } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { grouped } from "../../domain/code";
import { useText } from "../../i18n";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { toast } from "../../ui/toast";
import { CodeField, useCodeForm } from "./code";
import { QrCode } from "./QrCode";
import { confirmed } from "./stepUp";

interface Props {
  secret: TotpSecret;
  /** It is on, and these are the codes for the day the phone is lost. */
  onDone: (codes: string[]) => void;
  onClose: () => void;
}

export function TotpSetup({ secret, onDone, onClose }: Props) {
  const t = useText();
  const words = t.security.mfa;
  const form = useCodeForm((code) => confirmed(() => confirmTotp(code)), {
    done: (answer) => onDone(answer.recovery_codes),
    failed: (error) => {
      if (!isProblem(error) || error.status !== 409) return;
      // Another tab began anew, or switched it on already.
      toast(words.lapsed, { tone: "bad" });
      onClose();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!form.busy) form.submit();
  };
  // On a touch screen the focus would bring up a keyboard, and that would cover what is to be read first.
  return (
    <Dialog title={words.setUpTitle} onClose={onClose}>
      <form className="form" onSubmit={send}>
        <p>{words.scan}</p>
        <QrCode text={secret.uri} label={words.qr} />
        <div className="secret">
          <p className="field-name">{words.secret}</p>
          <div className="secret-line">
            <code data-testid="totp-secret">{grouped(secret.secret).map((group, i) => <span key={i}>{group} </span>)}</code>
            <CopyButton text={secret.secret} label={words.copySecret} compact />
          </div>
          <a href={secret.uri} className="text-button coarse-only">{words.openApp}</a>
        </div>
        <CodeField form={form} label={words.confirmLabel} focus={matchMedia("(pointer: fine)").matches} />
        {form.told && <p className="form-fault" role="alert">{form.told}</p>}
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="primary" busy={form.busy}>{words.switchOn}</Button>
        </div>
      </form>
    </Dialog>
  );
}
