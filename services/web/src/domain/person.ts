/** How a person looks in small: initials and a colour that stays theirs. */

const HANGUL = /^\p{Script=Hangul}+$/u;

/** 김민서 → 민서 (a family name alone says little), Dana Weber → DW. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (first === undefined) return "?";
  const last = words.at(-1) ?? first;
  if (HANGUL.test(last)) return [...last].slice(-2).join("");
  const letters = words.length > 1 ? [[...first][0], [...last][0]] : [...first].slice(0, 2);
  return letters.join("").toLocaleUpperCase();
}

const HUES = 8;
const assigned = new Map<string, number>();

/**
 * Gives the people of a workspace hues that differ while there are enough: in the order given (who was there
 * first), each takes the hue of their id or the next one that is least worn.
 */
export function assignHues(ids: readonly string[]): void {
  assigned.clear();
  const worn = Array.from({ length: HUES }, () => 0);
  for (const id of ids) {
    const least = Math.min(...worn);
    let own = hue(id);
    while (worn[own] !== least) own = (own + 1) % HUES;
    worn[own] = least + 1;
    assigned.set(id, own);
  }
}

export const hueOf = (id: string): number => assigned.get(id) ?? hue(id);

/** One of eight hues, the same on every screen. */
export function hue(seed: string): number {
  let hash = 2166136261;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 16777619);
  return (hash >>> 0) % HUES;
}
