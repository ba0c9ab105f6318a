/** Choosing another password while signed in. The present one is asked for by the proof, when it is time. */
import { useRef, type FormEvent } from "react";
import { changePassword } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { useMe } from "../../api/session";
import { PASSWORD_MIN, PASSWORD_PATTERN, passwordFault } from "../../domain/password";
import { useText } from "../../i18n";
import { keys, queries } from "../../state/queries";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { PasswordField } from "../../ui/Field";
import { useRefusal } from "../../ui/refusal";
import { toast } from "../../ui/toast";
import { confirmed, isDeclined } from "./stepUp";

export function Password() {
  const t = useText();
  const me = useMe();
  const form = useRef<HTMLFormElement>(null);
  const words = t.security.password;
  const save = useSend((password: string) => confirmed(() => changePassword(password)), {
    done: () => {
      form.current?.reset();
      toast(words.changed);
      void queries.invalidateQueries({ queryKey: keys.sessions });
    },
  });
  const error = isDeclined(save.error) ? null : save.error;
  const refusal = useRefusal(error);
  const fault = passwordFault(isProblem(error) ? error.fault("new_password") : undefined, t);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!refusal.held) save.send(String(new FormData(event.currentTarget).get("new_password")));
  };
  return (
    <section className="setting">
      <h2>{words.title}</h2>
      <form className="form" ref={form} onSubmit={send}>
        <input type="hidden" name="email" value={me.email} autoComplete="username" />
        <PasswordField label={words.new} name="new_password" autoComplete="new-password" required minLength={PASSWORD_MIN} pattern={PASSWORD_PATTERN} title={t.security.password.length} help={words.rule} fault={fault} />
        {!fault && refusal.told && <p className="form-fault" role="alert">{refusal.told}</p>}
        <div className="form-start">
          <Button type="submit" busy={save.busy || refusal.held}>{words.change}</Button>
          <span className="faint">{words.others}</span>
        </div>
      </form>
    </section>
  );
}
