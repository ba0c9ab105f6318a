/**
 * What a role may do, so that controls it may not use are absent. The services decide for themselves; this
 * mirrors `shared/policy` for the screen only.
 */
import type { Me, Member, Role } from "../api/types";

export type Operation =
  | "board.create"
  | "board.edit"
  | "board.delete"
  | "column.edit"
  | "task.create"
  | "task.edit"
  | "task.move"
  | "task.pic"
  | "task.delete"
  | "members.manage"
  | "workspace.manage";

const RUNS_BOARDS: readonly Role[] = ["admin", "supervisor"];

export function may(role: Role, operation: Operation, own = false): boolean {
  if (operation === "members.manage" || operation === "workspace.manage") return role === "admin";
  if (RUNS_BOARDS.includes(role)) return true;
  return role === "pic" && own && (operation === "task.move" || operation === "task.pic");
}

export const isOwn = (me: Me, task: { pic_id: string | null }): boolean => task.pic_id === me.id;

/** Observers read and comment, programs do as they are told; neither is ever in charge. */
export const canBeInCharge = ({ role, kind }: Pick<Member, "role" | "kind">): boolean => role !== "observer" && kind !== "service";
