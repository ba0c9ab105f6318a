/**
 * What to do when somebody else changed the same field first. The server refuses such a write with the task
 * as it is now and the names of the fields; here the writer's text is kept and laid beside theirs.
 */
import type { Task, TaskPatch } from "../api/types";

export const FIELDS = ["title", "description", "pic_id", "deadline", "priority", "labels"] as const;
export type Field = (typeof FIELDS)[number];

/** An edit that has not been saved: what was seen when it began, and what the writer wants. */
export interface Draft {
  task: string;
  /** The version the writer had seen, sent as If-Match. */
  version: number;
  base: Pick<Task, Field>;
  mine: TaskPatch;
  /** Set once the server refused: the task as it was then. */
  refused?: { current: Task; fields: string[] };
}

export interface Collision {
  field: Field;
  base: Task[Field];
  mine: Task[Field];
  theirs: Task[Field];
}

/** For each colliding field: keep mine, take theirs, or a text written from both. */
export type Choice = "mine" | "theirs" | { merged: string };

export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i]);
  return a === b;
}

/** Whether nobody else changed what an edit is about: of what was seen and what is now, the edited fields are the same. */
export const untouched = <T extends object>(seen: T, current: T, edit: Partial<T>): boolean =>
  (Object.keys(edit) as (keyof T)[]).every((field) => same(seen[field], current[field]));

export function sameInstant(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return Date.parse(a) === Date.parse(b);
}

const equal = (field: Field, a: unknown, b: unknown): boolean =>
  field === "deadline" ? sameInstant(a as string | null, b as string | null) : same(a, b);

export const snapshot = (task: Task): Pick<Task, Field> => ({
  title: task.title,
  description: task.description,
  pic_id: task.pic_id,
  deadline: task.deadline,
  priority: task.priority,
  labels: task.labels,
});

/** The fields both sides changed, to different values. Two people who wrote the same thing do not collide. */
export function collisions(draft: Draft): Collision[] {
  if (!draft.refused) return [];
  const { current, fields } = draft.refused;
  return FIELDS.filter((field) => {
    if (draft.mine[field] === undefined) return false;
    const named = fields.length === 0 ? !equal(field, draft.base[field], current[field]) : fields.includes(field);
    return named && !equal(field, draft.mine[field], current[field]);
  }).map((field) => ({
    field,
    base: draft.base[field],
    mine: draft.mine[field] as Task[Field],
    theirs: current[field],
  }));
}

/** What to send once every collision is decided; empty when nothing of mine is left to say. */
export function resolve(draft: Draft, choices: Partial<Record<Field, Choice>>): TaskPatch {
  const patch: TaskPatch = { ...draft.mine };
  for (const { field } of collisions(draft)) {
    const choice = choices[field] ?? "mine";
    if (choice === "theirs") {
      delete patch[field];
      if (field === "deadline") delete patch.deadline_zone;
    } else if (typeof choice === "object" && (field === "title" || field === "description")) {
      patch[field] = choice.merged;
    }
  }
  const current = draft.refused?.current;
  for (const field of FIELDS) {
    if (current && patch[field] !== undefined && equal(field, patch[field], current[field])) {
      delete patch[field];
      if (field === "deadline") delete patch.deadline_zone;
    }
  }
  return patch;
}

/** Whether a refusal leaves anything for a person to decide. */
export const needsDecision = (draft: Draft): boolean => collisions(draft).length > 0;
