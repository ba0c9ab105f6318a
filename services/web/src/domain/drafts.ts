/** Unsaved edits outlive a reload, in this tab's own storage. */
import type { Draft } from "./conflict";

const PREFIX = "onus.draft.";

export function loadDraft(task: string): Draft | null {
  try {
    const text = sessionStorage.getItem(PREFIX + task);
    const draft = text === null ? null : (JSON.parse(text) as Draft);
    return draft?.task === task && typeof draft.version === "number" ? draft : null;
  } catch {
    return null;
  }
}

export function saveDraft(draft: Draft): void {
  try {
    sessionStorage.setItem(PREFIX + draft.task, JSON.stringify(draft));
  } catch {
    // A full or forbidden storage loses only the protection against a reload.
  }
}

export function dropDraft(task: string): void {
  try {
    sessionStorage.removeItem(PREFIX + task);
  } catch {
    // Nothing was stored then.
  }
}

/** On signing out nothing of this person's writing stays behind. */
export function dropAllDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Nothing was stored then.
  }
}
