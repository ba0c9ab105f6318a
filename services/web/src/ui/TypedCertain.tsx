/** Asks to type a name before something that ends for good: nobody does that by a slip. */
import { useState, type FormEvent, type ReactNode } from "react";
import { useText } from "../i18n";
import { useSend } from "../state/send";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextField } from "./Field";
import { useRefusal } from "./refusal";

interface Props {
  title: string;
  text: ReactNode;
  label: string;
  /** What has to be typed; case and spaces around it do not matter. */
  wanted: string;
  /** What is said about anything else. */
  other: string;
  action: string;
  told?: (error: unknown) => string | undefined;
  /** Refusals that need no word. */
  silent?: (error: unknown) => boolean;
  run: (typed: string) => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
}

const plain = (text: string): string => text.normalize("NFC").trim().toLocaleLowerCase();

export function TypedCertain({ title, text, label, wanted, other, action, told, silent, run, onDone, onClose }: Props) {
  const t = useText();
  const [wrong, setWrong] = useState(false);
  const sending = useSend(run, { done: onDone });
  const refusal = useRefusal(silent?.(sending.error) ? null : sending.error);
  const why = told?.(sending.error) ?? refusal.told;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fits = plain(String(new FormData(event.currentTarget).get("typed"))) === plain(wanted);
    setWrong(!fits);
    // The service compares once more, and to the letter.
    if (fits && !refusal.held) sending.send(wanted);
  };
  return (
    <Dialog title={title} onClose={onClose} role="alertdialog">
      <form className="form" onSubmit={submit}>
        <p>{text}</p>
        <TextField label={label} name="typed" required autoFocus autoComplete="off" autoCapitalize="none" spellCheck={false} fault={wrong ? other : undefined} />
        {why && <p className="form-fault" role="alert">{why}</p>}
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="danger" busy={sending.busy || refusal.held}>{action}</Button>
        </div>
      </form>
    </Dialog>
  );
}
