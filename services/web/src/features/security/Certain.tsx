/** Asks once more before something that cannot be undone. */
import { useText } from "../../i18n";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { useRefusal } from "../../ui/refusal";
import { isDeclined } from "./stepUp";

interface Props<T> {
  title: string;
  text: string;
  action: string;
  look?: "primary" | "danger";
  run: () => Promise<T>;
  onDone: (answer: T) => void;
  onClose: () => void;
}

export function Certain<T>({ title, text, action, look = "danger", run, onDone, onClose }: Props<T>) {
  const t = useText();
  const sending = useSend(run, { done: onDone });
  const refusal = useRefusal(isDeclined(sending.error) ? null : sending.error);
  return (
    <Dialog title={title} onClose={onClose} role="alertdialog">
      <div className="form">
        <p>{text}</p>
        {refusal.told && <p className="form-fault" role="alert">{refusal.told}</p>}
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button look={look} busy={sending.busy || refusal.held} onClick={() => sending.send()}>{action}</Button>
        </div>
      </div>
    </Dialog>
  );
}
