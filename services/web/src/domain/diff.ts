/** Line by line, what one text says and the other does not: for descriptions in history and conflicts. */

export interface Line {
  kind: "same" | "gone" | "new";
  text: string;
}

/** Above this many line pairs a diff would stall the page; the whole text is shown as replaced instead. */
const LIMIT = 400_000;

export function diffLines(before: string, after: string): Line[] {
  const a = before === "" ? [] : before.split("\n");
  const b = after === "" ? [] : after.split("\n");
  if (a.length * b.length > LIMIT) {
    return [...a.map((text): Line => ({ kind: "gone", text })), ...b.map((text): Line => ({ kind: "new", text }))];
  }
  return walk(a, b, table(a, b));
}

/** `lengths[i][j]`: the longest common run of lines from `a[i]` and `b[j]` on. */
function table(a: string[], b: string[]): Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i] as Uint32Array;
    const below = lengths[i + 1] as Uint32Array;
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

function walk(a: string[], b: string[], lengths: Uint32Array[]): Line[] {
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ kind: "same", text: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      lines.push({ kind: "gone", text: left });
      i++;
    } else {
      lines.push({ kind: "new", text: right ?? "" });
      j++;
    }
  }
  return lines;
}

/** Keeps `context` unchanged lines around each change; a longer unchanged run becomes one `null`. */
export function condense(lines: readonly Line[], context = 2): (Line | null)[] {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - context), i + context + 1).some((line) => line.kind !== "same"),
  );
  const result: (Line | null)[] = [];
  lines.forEach((line, i) => {
    if (near[i]) result.push(line);
    else if (result.at(-1) !== null) result.push(null);
  });
  return result;
}
