/** Deleting the workspace, for everyone and for good. */
import { useState } from "react";
import { end } from "../../api/session";
import type { WorkspaceSettings } from "../../api/types";
import { deleteWorkspace } from "../../api/workspace";
import { dropAllDrafts } from "../../domain/drafts";
import { useText } from "../../i18n";
import { sayFarewell } from "../../state/farewell";
import { Button } from "../../ui/Button";
import { TypedCertain } from "../../ui/TypedCertain";
import { confirmed, isDeclined } from "../security/stepUp";

export function DeleteWorkspace({ settings }: { settings: WorkspaceSettings }) {
  const t = useText();
  const words = t.workspaceSettings;
  const [asking, setAsking] = useState(false);
  return (
    <section className="setting">
      <h2>{words.remove}</h2>
      <div className="form">
        <p className="setting-text">{words.removeText}</p>
        <div><Button look="danger" onClick={() => setAsking(true)}>{words.removeAction}</Button></div>
      </div>
      {asking && (
        <TypedCertain title={words.removeTitle(settings.name)} text={words.removeCertain} label={words.removeLabel(settings.name)} wanted={settings.name} other={words.removeOther}
          action={words.removeAction} silent={isDeclined} run={(name) => confirmed(() => deleteWorkspace(name))} onClose={() => setAsking(false)}
          onDone={() => {
            dropAllDrafts();
            sayFarewell({ kind: "deleted", workspace: settings.name });
            // The session is over already; the page follows.
            end();
          }} />
      )}
    </section>
  );
}
