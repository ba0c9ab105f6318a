/** Starting another workspace. Where that is closed one learns of it only by trying. */
import type { FormEvent } from "react";
import { createWorkspace } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { useText } from "../../i18n";
import { useOnce } from "../../state/once";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { useRefusal } from "../../ui/refusal";

export function NewWorkspace({ onClose }: { onClose: () => void }) {
  const t = useText();
  const once = useOnce();
  const create = useSend((name: string) => createWorkspace(name, once.keyFor(name)), { done: onClose });
  const closed = isProblem(create.error) && create.error.status === 403;
  const named = isProblem(create.error) ? create.error.field("name") : undefined;
  const refusal = useRefusal(closed || named ? null : create.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (name !== "" && !refusal.held) create.send(name);
  };
  return (
    <Dialog title={t.workspaces.newTitle} onClose={onClose}>
      {closed ? (
        <div className="form">
          <p role="alert"><strong>{t.workspaces.closed}</strong> {t.workspaces.closedText}</p>
          <div className="form-end"><Button autoFocus onClick={onClose}>{t.action.close}</Button></div>
        </div>
      ) : (
        <form className="form" onSubmit={submit}>
          <p className="faint">{t.workspaces.newText}</p>
          <TextField label={t.auth.workspace} name="name" required maxLength={100} autoFocus autoComplete="off" fault={named} />
          {refusal.told && <p className="form-fault" role="alert">{refusal.told}</p>}
          <div className="form-end">
            <Button onClick={onClose}>{t.action.cancel}</Button>
            <Button type="submit" look="primary" busy={create.busy || refusal.held}>{t.action.create}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
