/** Taking over what the service says about the workspace's settings. */
import { isProblem } from "../../api/problem";
import type { WorkspaceSettings } from "../../api/types";
import { keys, queries } from "../../state/queries";

export const adoptSettings = (saved: WorkspaceSettings): void => void queries.setQueryData(keys.workspace, saved);

/** Somebody else was faster: what is on screen is brought up to date, so that trying again may succeed. */
export function staleSettings(error: unknown): void {
  if (isProblem(error, "version_conflict")) void queries.invalidateQueries({ queryKey: keys.workspace });
}
