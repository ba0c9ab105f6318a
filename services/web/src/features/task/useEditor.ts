/**
 * Editing a task without ever losing what was typed. A draft remembers the version it began from, lives in
 * the tab's storage until it is saved or thrown away, and turns into a conflict when the server refuses it.
 */
import { useCallback, useState } from "react";
import { isProblem } from "../../api/problem";
import { editTask, moveTask } from "../../api/tasks";
import type { Task, TaskPatch } from "../../api/types";
import { FIELDS, needsDecision, snapshot, type Draft } from "../../domain/conflict";
import { dropDraft, loadDraft, saveDraft } from "../../domain/drafts";
import { useText } from "../../i18n";
import { adoptTask } from "../../state/queries";
import { announce } from "../../ui/announce";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

export interface Editor {
  task: Task;
  draft: Draft | null;
  saving: boolean;
  /** Keeps what is being typed. */
  write: (patch: TaskPatch) => void;
  /** Forgets what was typed in one field. */
  discard: (field: keyof TaskPatch) => void;
  /** Sends what was typed in one field. */
  save: (field: "title" | "description") => Promise<void>;
  /** Sends a choice at once (who, when, how urgent). */
  commit: (patch: TaskPatch) => Promise<void>;
  /** Settles a conflict with the chosen values. */
  settle: (patch: TaskPatch) => Promise<void>;
  /** Drops the draft altogether. */
  forget: () => void;
  moveTo: (column: string) => Promise<void>;
}

const empty = (patch: TaskPatch) => Object.keys(patch).length === 0;

/** The draft without the fields of `patch`; null when none are left. */
function without(draft: Draft | null, patch: TaskPatch): Draft | null {
  if (!draft) return null;
  const mine = { ...draft.mine };
  for (const field of Object.keys(patch) as (keyof TaskPatch)[]) delete mine[field];
  const { refused: _settled, ...rest } = draft;
  return empty(mine) ? null : { ...rest, mine };
}

/** The draft after a refusal: based on nothing newer, holding all that was wanted, and what stands against it. */
function refusedDraft(draft: Draft | null, seen: Task, patch: TaskPatch, current: Task, fields: string[]): Draft {
  const begun = draft ?? { task: seen.id, version: seen.version, base: snapshot(seen), mine: {} };
  return { ...begun, mine: { ...begun.mine, ...patch }, refused: { current, fields } };
}

export function useEditor(task: Task): Editor {
  const t = useText();
  const [draft, keep] = useState<Draft | null>(() => loadDraft(task.id));
  const [saving, setSaving] = useState(false);
  const setDraft = useCallback((next: Draft | null) => {
    if (next) saveDraft(next);
    else dropDraft(task.id);
    keep(next);
  }, [task.id]);

  const send = async (patch: TaskPatch, version: number, base: Draft | null): Promise<void> => {
    setSaving(true);
    try {
      adoptTask(await editTask(task.id, version, patch));
      setDraft(without(base, patch));
      announce(t.task.saved);
    } catch (error) {
      const current = isProblem(error, "version_conflict") ? error.body.current : undefined;
      if (!current || !isProblem(error)) {
        toast(explain(error, t), { tone: "bad" });
        return;
      }
      adoptTask(current);
      const next = refusedDraft(base, task, patch, current, error.body.fields ?? []);
      // Two people who meant the same thing have nothing to decide.
      setDraft(needsDecision(next) ? next : without(next, patch));
    } finally {
      setSaving(false);
    }
  };

  return {
    task,
    draft,
    saving,
    write: (patch) => {
      const begun = draft ?? { task: task.id, version: task.version, base: snapshot(task), mine: {} };
      setDraft({ ...begun, mine: { ...begun.mine, ...patch } });
    },
    discard: (field) => setDraft(without(draft, { [field]: undefined })),
    save: async (field) => {
      const value = draft?.mine[field];
      if (!draft || value === undefined) return;
      if (value === task[field]) setDraft(without(draft, { [field]: value }));
      else await send({ [field]: value }, draft.version, draft);
    },
    commit: (patch) => send(patch, task.version, draft),
    settle: async (patch) => {
      const current = draft?.refused?.current;
      if (!draft || !current) return;
      const decided: Draft = { task: draft.task, version: current.version, base: snapshot(current), mine: patch };
      if (empty(patch)) setDraft(null);
      else await send(patch, current.version, decided);
    },
    forget: () => setDraft(null),
    moveTo: async (column) => {
      setSaving(true);
      try {
        adoptTask(await moveTask(task.id, task.version, { column_id: column }));
      } catch (error) {
        if (isProblem(error, "version_conflict") && error.body.current) adoptTask(error.body.current);
        toast(explain(error, t), { tone: "bad" });
      } finally {
        setSaving(false);
      }
    },
  };
}

/** Whether somebody else changed a field since this draft of it began. */
export const overtaken = (editor: Editor, field: (typeof FIELDS)[number]): boolean =>
  editor.draft?.mine[field] !== undefined && editor.draft.base[field] !== editor.task[field];
