/** Leaving the present workspace: what that means, and where one goes on. */
import { useState } from "react";
import { leaveWorkspace } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { useMe } from "../../api/session";
import { dropAllDrafts } from "../../domain/drafts";
import { useText } from "../../i18n";
import { useWorkspaces } from "../../state/queries";
import { Button } from "../../ui/Button";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";
import { Certain } from "../security/Certain";
import { confirmed } from "../security/stepUp";

export function LeaveWorkspace() {
  const t = useText();
  const { workspace, role } = useMe();
  const mine = useWorkspaces();
  const [asking, setAsking] = useState(false);
  const next = mine.data?.find((each) => each.id !== workspace.id) ?? null;
  const ask = async () => {
    // Where one goes on is part of the question, so it must be known.
    const { data, error } = mine.data ? mine : await mine.refetch();
    if (data) setAsking(true);
    else toast(explain(error, t), { tone: "bad" });
  };
  return (
    <section className="setting">
      <h2>{t.workspaces.title}</h2>
      <div className="form">
        <p className="setting-text"><strong>{workspace.name}</strong><br />{t.workspaces.asRole(t.role[role])}</p>
        <div><Button look="danger" busy={mine.isFetching && !mine.data} onClick={() => void ask()}>{t.workspaces.leave}</Button></div>
      </div>
      {asking && (
        <Certain title={t.workspaces.leaveTitle(workspace.name)} action={t.workspaces.leaveAction}
          text={<>{t.workspaces.leaveText} {next ? t.workspaces.leaveNext(next.name) : t.workspaces.leaveLast}</>}
          told={(error) => (isProblem(error, "conflict") ? t.workspaces.lastAdmin : undefined)}
          run={() => confirmed(() => leaveWorkspace(workspace.id, next?.id ?? null))}
          onClose={() => setAsking(false)}
          onDone={() => {
            dropAllDrafts();
            toast(t.workspaces.left(workspace.name));
          }} />
      )}
    </section>
  );
}
