/** Korean particles depend on whether the word before them ends in a consonant. */

/** Digits as they are read aloud: 영 일 이 삼 사 오 육 칠 팔 구. */
const DIGITS_WITH_CONSONANT = new Set(["0", "1", "3", "6", "7", "8"]);
/** Latin letters whose Korean name ends in a consonant: 엘, 엠, 엔, 알. */
const LETTERS_WITH_CONSONANT = new Set(["l", "m", "n", "r"]);

function endsInConsonant(word: string): boolean {
  const last = [...word.normalize("NFC")].filter((c) => /[\p{L}\p{N}]/u.test(c)).at(-1);
  if (last === undefined) return false;
  const code = last.codePointAt(0) ?? 0;
  if (code >= 0xac00 && code <= 0xd7a3) return (code - 0xac00) % 28 !== 0;
  const lower = last.toLowerCase();
  return DIGITS_WITH_CONSONANT.has(lower) || LETTERS_WITH_CONSONANT.has(lower);
}

/** The word with the particle that fits it: `josa("보드", "을", "를")` is 보드를. */
export const josa = (word: string, afterConsonant: string, afterVowel: string): string =>
  word + (endsInConsonant(word) ? afterConsonant : afterVowel);
