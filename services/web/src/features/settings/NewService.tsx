/** A new service account: what the program is called, and what role it has. */
import type { FormEvent } from "react";
import { isProblem } from "../../api/problem";
import { createServiceAccount } from "../../api/tokens";
import type { Role, ServiceAccount } from "../../api/types";
import { useText } from "../../i18n";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextField } from "../../ui/Field";
import { useRefusal } from "../../ui/refusal";
import { confirmed, isDeclined } from "../security/stepUp";

/** The least first: a program should not run with more than it needs. */
const ROLES: readonly Role[] = ["observer", "pic", "supervisor", "admin"];

export function NewService({ onDone, onClose }: { onDone: (made: ServiceAccount) => void; onClose: () => void }) {
  const t = useText();
  const words = t.services;
  const make = useSend((body: { name: string; role: Role }) => confirmed(() => createServiceAccount(body)), { done: onDone });
  const error = isDeclined(make.error) ? null : make.error;
  const named = isProblem(error) ? error.field("name") : undefined;
  const refusal = useRefusal(named ? null : error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const name = String(data.get("name")).trim();
    if (name !== "" && !refusal.held) make.send({ name, role: data.get("role") as Role });
  };
  return (
    <Dialog title={words.create} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label={words.name} name="name" required maxLength={100} autoFocus autoComplete="off" help={words.nameHelp} fault={named} />
        <SelectField label={t.people.role} name="role" defaultValue="observer">
          {ROLES.map((role) => <option key={role} value={role}>{t.role[role]} – {t.roleHelp[role]}</option>)}
        </SelectField>
        {refusal.told && <p className="form-fault" role="alert">{refusal.told}</p>}
        <div className="form-end">
          <Button onClick={onClose}>{t.action.cancel}</Button>
          <Button type="submit" look="primary" busy={make.busy || refusal.held}>{t.action.create}</Button>
        </div>
      </form>
    </Dialog>
  );
}
