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

/** One of eight hues, the same on every screen. */
export function hue(seed: string): number {
  let hash = 2166136261;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 16777619);
  return (hash >>> 0) % 8;
}
