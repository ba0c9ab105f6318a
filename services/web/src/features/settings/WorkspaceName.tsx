/** What the workspace is called, which stands above every page. */
import type { FormEvent } from "react";
import { isProblem } from "../../api/problem";
import type { WorkspaceSettings } from "../../api/types";
import { editWorkspace } from "../../api/workspace";
import { dayLabel } from "../../domain/deadline";
import { useText } from "../../i18n";
import { useClock } from "../../state/clock";
import { keys, queries } from "../../state/queries";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { useRefusal } from "../../ui/refusal";
import { toast } from "../../ui/toast";
import { confirmed, isDeclined } from "../security/stepUp";
import { adoptSettings, staleSettings } from "./adopt";

export function WorkspaceName({ settings, manage }: { settings: WorkspaceSettings; manage: boolean }) {
  const t = useText();
  const clock = useClock();
  const words = t.workspaceSettings;
  const since = words.since(dayLabel(settings.created_at, clock));
  const save = useSend((name: string) => confirmed(() => editWorkspace(settings.version, { name })), {
    done: (saved) => {
      adoptSettings(saved);
      toast(words.saved);
      void queries.invalidateQueries({ queryKey: keys.workspaces });
    },
    failed: staleSettings,
  });
  const error = isDeclined(save.error) ? null : save.error;
  const named = isProblem(error) ? error.field("name") : undefined;
  const refusal = useRefusal(named ? null : error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (name !== "" && name !== settings.name && !refusal.held) save.send(name);
  };
  return (
    <section className="setting">
      <h2>{words.name}</h2>
      {manage ? (
        <form className="form" key={settings.name} onSubmit={submit}>
          <TextField label={t.auth.workspace} name="name" defaultValue={settings.name} required maxLength={100} autoComplete="off" help={since} fault={named} />
          {refusal.told && <p className="form-fault" role="alert">{isProblem(error, "version_conflict") ? words.changedMeanwhile : refusal.told}</p>}
          <div className="form-end"><Button type="submit" busy={save.busy || refusal.held}>{t.action.save}</Button></div>
        </form>
      ) : (
        <p className="setting-text"><strong>{settings.name}</strong><br />{since}</p>
      )}
    </section>
  );
}
