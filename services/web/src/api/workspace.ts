/** The workspace's own settings, and what is kept of a person: fetched by them, or erased. */
import { answer, client, ifMatch } from "./client";
import { me, updateMe } from "./session";
import type { WorkspaceSettings } from "./types";

export const workspaceSettings = () => answer(client.GET("/api/workspace"));

export async function editWorkspace(version: number, body: { name?: string; require_second_factor?: boolean }): Promise<WorkspaceSettings> {
  const saved = await answer(client.PATCH("/api/workspace", { params: { header: ifMatch(version) }, body }));
  const person = me();
  // The name stands above every page, in every tab.
  if (person?.workspace.id === saved.id && person.workspace.name !== saved.name) updateMe({ ...person, workspace: { ...person.workspace, name: saved.name } });
  return saved;
}

export const deleteWorkspace = (name: string) => answer(client.DELETE("/api/workspace", { body: { name } }));

/** Each service gives what it keeps of the caller. */
export const ownParts = {
  account: () => answer(client.GET("/api/auth/me/export")),
  tasks: () => answer(client.GET("/api/tasks/export/me")),
  history: () => answer(client.GET("/api/audit/export/me")),
  notifications: () => answer(client.GET("/api/notifications/export/me")),
};

export const eraseMe = (email: string) => answer(client.POST("/api/auth/me/erase", { body: { email } }));
