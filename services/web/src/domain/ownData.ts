/** The file with what is kept of a person: what each service gave, and which of them gave nothing. */
export const PARTS = ["account", "tasks", "history", "notifications"] as const;
export type Part = (typeof PARTS)[number];

export type Fetched = { part: Part; content: unknown } | { part: Part; error: unknown };

export const failed = (fetched: readonly Fetched[]): Part[] => fetched.flatMap((each) => ("error" in each ? [each.part] : []));

/** One JSON text. It says itself what is missing from it, so that it never passes for the whole. */
export function ownDataFile(fetched: readonly Fetched[], person: string, time: string): string {
  const parts = Object.fromEntries(fetched.flatMap((each) => ("content" in each ? [[each.part, each.content]] : [])));
  return `${JSON.stringify({ product: "Onus", person, exported_at: time, missing: failed(fetched), parts }, null, 2)}\n`;
}

/** `onus-2026-11-21.json`, by the day of the reader. */
export const ownDataName = (day: string): string => `onus-${day}.json`;

/**
 * Fetches one part after the other: a proof that is asked for is asked for once, and before anything else. What fails
 * for good leaves out that part alone; what `stops` says yes to ends it all.
 */
export async function fetchParts(
  load: Record<Part, () => Promise<unknown>>,
  report: (done: number, part: Part) => void,
  stops: (error: unknown) => boolean,
  wanted: readonly Part[] = PARTS,
): Promise<Fetched[]> {
  const fetched: Fetched[] = [];
  for (const part of wanted) {
    report(fetched.length, part);
    try {
      fetched.push({ part, content: await load[part]() });
    } catch (error) {
      if (stops(error)) throw error;
      fetched.push({ part, error });
    }
  }
  return fetched;
}
