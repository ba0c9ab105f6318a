/** Adding a passkey: a name to know it by, and then the browser asks where to keep it. */
import { useState, type FormEvent } from "react";
import { isProblem } from "../../api/problem";
import { deviceName } from "../../domain/device";
import { useText } from "../../i18n";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { addWith, usePasskeyFault } from "./passkey";

interface Props {
  /** It is there; the codes come with the first way beside the password. */
  onDone: (name: string, codes: string[] | null) => void;
  onClose: () => void;
}

export function AddPasskey({ onDone, onClose }: Props) {
  const t = useText();
  const words = t.passkeys;
  const [suggested] = useState(() => deviceName(navigator.userAgent) || words.fallback);
  const add = useSend(addWith, { done: (answer) => onDone(answer.passkey.name, answer.recovery_codes) });
  const named = isProblem(add.error) ? add.error.field("name") : undefined;
  const { told, held } = usePasskeyFault(named ? null : add.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (name !== "" && !held) add.send(name);
  };
  return (
    <Dialog title={words.addTitle} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>{words.addText}</p>
        <TextField label={words.name} name="name" defaultValue={suggested} required maxLength={100} autoFocus autoComplete="off" help={words.nameHelp} fault={named}
          onFocus={(event) => event.target.select()} />
        {told && <p className="form-fault" role="alert">{told}</p>}
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="primary" icon="passkey" busy={add.busy || held}>{words.go}</Button>
        </div>
      </form>
    </Dialog>
  );
}
