/** What people look like: which picture each of them has, and those pictures that somebody has looked at. */
import { useCallback, useSyncExternalStore } from "react";
import { memberPicture } from "../api/pictures";
import { onMove } from "../api/session";

interface Pictured {
  id: string;
  picture?: string | null;
}

/** The version of each person's picture. */
const versions = new Map<string, string>();
/** Where the browser keeps what was fetched, by version; null while it is on its way, and where it did not come. */
const kept = new Map<string, string | null>();
/** Milliseconds until a picture that did not come is asked for again, by whoever is drawn then. */
const AGAIN = 30_000;
const watchers = new Set<() => void>();

const tell = () => watchers.forEach((watcher) => watcher());

/** Takes over what a list of people says of their pictures. */
export function adoptPictures(people: readonly Pictured[]): void {
  for (const { id, picture } of people) {
    if (picture) versions.set(id, picture);
    else versions.delete(id);
  }
  tell();
}

function look(id: string): string | null {
  const version = versions.get(id);
  if (version === undefined) return null;
  const known = kept.get(version);
  if (known !== undefined) return known;
  kept.set(version, null);
  void fetchPicture(id, version);
  return null;
}

async function fetchPicture(id: string, version: string): Promise<void> {
  let picture: Blob;
  try {
    picture = await memberPicture(id);
  } catch {
    // Initials do as well, for a while.
    setTimeout(() => kept.get(version) ?? kept.delete(version), AGAIN);
    return;
  }
  // The reader may have moved to another workspace meanwhile.
  if (!kept.has(version)) return;
  kept.set(version, URL.createObjectURL(picture));
  tell();
}

// Whoever is seen in one workspace is nobody in another.
onMove(() => {
  for (const url of kept.values()) if (url !== null) URL.revokeObjectURL(url);
  kept.clear();
  versions.clear();
});

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
};

/** Where the browser has a person's picture; null without one, and until it is there. */
export const usePicture = (id: string | undefined): string | null =>
  useSyncExternalStore(watch, useCallback(() => (id === undefined ? null : look(id)), [id]));
