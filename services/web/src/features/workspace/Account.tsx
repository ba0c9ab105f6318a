/** Who one is, in which workspace, and the way to another one or out. */
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { switchWorkspace, type Workspace } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { useMe } from "../../api/session";
import { present } from "../../domain/workspaces";
import { useText } from "../../i18n";
import { move } from "../../state/moving";
import { keys, queries, useWorkspaces } from "../../state/queries";
import { announce } from "../../ui/announce";
import { Avatar } from "../../ui/Avatar";
import { Menu } from "../../ui/Menu";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";
import { useSignOut } from "./signOut";

const NewWorkspace = lazy(() => import("./NewWorkspace").then((module) => ({ default: module.NewWorkspace })));

export function Account() {
  const t = useText();
  const me = useMe();
  const navigate = useNavigate();
  // Read ahead, so that the menu does not grow under the pointer.
  const mine = present(useWorkspaces().data, me);
  const [creating, setCreating] = useState(false);
  const leave = useSignOut();
  const go = async ({ id, name }: Workspace) => {
    if (id === me.workspace.id) return;
    announce(t.workspaces.opening(name));
    try {
      await move(() => switchWorkspace(id));
    } catch (error) {
      toast(explain(error, t), { tone: "bad" });
      // Not a member any more: the list was too old.
      if (isProblem(error) && error.status === 404) await queries.invalidateQueries({ queryKey: keys.workspaces });
    }
  };
  return (
    <>
      <Menu
        label={t.app.account(me.name)}
        className="account"
        trigger={<Avatar person={me} />}
        choice={{
          label: t.workspaces.list,
          chosen: me.workspace.id,
          options: mine.map((each) => ({ id: each.id, label: each.name, note: t.role[each.role], run: () => void go(each) })),
          actions: [
            { id: "workspace", label: t.workspaceSettings.title, icon: "people", run: () => void navigate({ to: "/settings/workspace" }) },
            { id: "new", label: t.workspaces.new, icon: "plus", run: () => setCreating(true) },
          ],
        }}
        actions={[
          { id: "settings", label: t.app.settings, icon: "settings", run: () => void navigate({ to: "/settings" }) },
          { id: "security", label: t.security.title, icon: "shield", run: () => void navigate({ to: "/settings/security" }) },
          { id: "leave", label: t.app.signOut, icon: "leave", run: () => void leave() },
        ]}
      />
      {creating && <Suspense><NewWorkspace onClose={() => setCreating(false)} /></Suspense>}
    </>
  );
}
