/** Making an API token: what it is for, what it may do, how long it lasts. Then it is shown, this once. */
import { useId, useState, type FormEvent } from "react";
import { isProblem } from "../../api/problem";
import type { NewApiToken, Scope, TokenWish } from "../../api/types";
import { LIFETIMES, SCOPES, USUAL_LIFETIME } from "../../domain/scopes";
import { useText } from "../../i18n";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextField } from "../../ui/Field";
import { useRefusal } from "../../ui/refusal";
import { toast } from "../../ui/toast";
import { confirmed, isDeclined } from "../security/stepUp";

interface Props {
  title: string;
  create: (wish: TokenWish) => Promise<NewApiToken>;
  /** It exists, though it is still on screen. */
  onMade: () => void;
  onClose: () => void;
}

function Scopes({ fault }: { fault: string | undefined }) {
  const t = useText();
  const id = useId();
  return (
    <fieldset className="scopes" aria-describedby={fault ? `${id}-fault` : undefined}>
      <legend>{t.tokens.scopes}</legend>
      {SCOPES.map((scope) => (
        <label key={scope} className="scope">
          <input type="checkbox" name="scopes" value={scope} defaultChecked={scope === "read"} aria-labelledby={`${id}-${scope}`} aria-describedby={`${id}-${scope}-text`} />
          <span><strong id={`${id}-${scope}`}>{t.tokens.scope[scope]}</strong><small id={`${id}-${scope}-text`}>{t.tokens.scopeText[scope]}</small></span>
        </label>
      ))}
      {fault && <p id={`${id}-fault`} className="field-fault" role="alert">{fault}</p>}
    </fieldset>
  );
}

/** The token lives in this dialog and nowhere else: no cache, no storage, no address. */
function Shown({ made, onClose }: { made: NewApiToken; onClose: () => void }) {
  const t = useText();
  const words = t.tokens;
  const done = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    toast(words.created(made.name));
  };
  return (
    <Dialog title={words.shownTitle} onClose={onClose} role="alertdialog" locked>
      <form className="form" onSubmit={done}>
        <p>{words.shownText}</p>
        <div className="secret-line token-line">
          <code data-testid="api-token">{made.token}</code>
        </div>
        <div><CopyButton text={made.token} label={words.copy} /></div>
        <div className="form-end">
          <label className="check check-start"><input type="checkbox" name="kept" required />{words.kept}</label>
          <Button type="submit" look="primary">{words.done}</Button>
        </div>
      </form>
    </Dialog>
  );
}

export function NewToken({ title, create, onMade, onClose }: Props) {
  const t = useText();
  const words = t.tokens;
  const [made, setMade] = useState<NewApiToken | null>(null);
  const [without, setWithout] = useState(false);
  const make = useSend((wish: TokenWish) => confirmed(() => create(wish)), {
    done: (token) => {
      setMade(token);
      onMade();
    },
  });
  const error = isDeclined(make.error) ? null : make.error;
  const problem = isProblem(error) ? error : null;
  const named = problem?.field("name");
  const refusal = useRefusal(named ? null : error);
  if (made !== null) return <Shown made={made} onClose={onClose} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const scopes = SCOPES.filter((scope) => (data.getAll("scopes") as Scope[]).includes(scope));
    setWithout(scopes.length === 0);
    const name = String(data.get("name")).trim();
    if (scopes.length === 0 || name === "" || refusal.held) return;
    make.send({ name, scopes, expires_in_days: Number(data.get("lifetime")) });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField label={words.name} name="name" required maxLength={100} autoFocus autoComplete="off" help={words.nameHelp} fault={named} />
        <Scopes fault={without ? words.noScope : undefined} />
        <SelectField label={words.lifetime} name="lifetime" defaultValue={String(USUAL_LIFETIME)}>
          {LIFETIMES.map((days) => <option key={days} value={days}>{words.days(days)}</option>)}
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
