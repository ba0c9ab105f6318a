/** The workspaces to choose from. */
import type { Workspace } from "../api/identity";
import type { Me } from "../api/types";

/**
 * The present one first, as the session knows it, and then the others: a list may be a moment old, or not there yet.
 * What a menu begins with can be chosen by a slip, and then nothing happens.
 */
export function present(list: readonly Workspace[] | undefined, me: Pick<Me, "workspace" | "role">): Workspace[] {
  const others = (list ?? []).filter((each) => each.id !== me.workspace.id);
  return [{ ...me.workspace, role: me.role, current: true }, ...others.map((each) => ({ ...each, current: false }))];
}
