/** Asks once more before something that cannot be undone. */
import type { ReactNode } from "react";
import { useText } from "../../i18n";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { useRefusal } from "../../ui/refusal";
import { isDeclined } from "./stepUp";

interface Props<T> {
  title: string;
  text: ReactNode;
  action: string;
  look?: "primary" | "danger";
  /** What a refusal means here, where the general words would say too little. */
  told?: (error: unknown) => string | undefined;
  run: () => Promise<T>;
  onDone: (answer: T) => void;
  onClose: () => void;
}

export function Certain<T>({ title, text, action, look = "danger", told, run, onDone, onClose }: Props<T>) {
  const t = useText();
  const sending = useSend(run, { done: onDone });
  const refusal = useRefusal(isDeclined(sending.error) ? null : sending.error);
  const why = told?.(sending.error) ?? refusal.told;
  return (
    <Dialog title={title} onClose={onClose} role="alertdialog">
      <div className="form">
        <p>{text}</p>
        {why && <p className="form-fault" role="alert">{why}</p>}
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button look={look} busy={sending.busy || refusal.held} onClick={() => sending.send()}>{action}</Button>
        </div>
      </div>
    </Dialog>
  );
}
