/** The workspaces to choose from. */
import type { Workspace } from "../api/identity";
import type { Me } from "../api/types";

/** Those of the list, with the present one marked by the session: a list may be a moment old, or not there yet. */
export function present(list: readonly Workspace[] | undefined, me: Pick<Me, "workspace" | "role">): Workspace[] {
  const own: Workspace = { ...me.workspace, role: me.role, current: true };
  const all = (list ?? []).map((each) => (each.id === own.id ? own : { ...each, current: false }));
  return all.includes(own) ? all : [own, ...all];
}
