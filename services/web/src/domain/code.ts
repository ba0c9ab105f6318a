/** Codes that people copy from an app, from paper or out of a mail, and how they are shown to them. */

export const CODE_LENGTH = 6;

/** Full-width characters, as Korean and Japanese keyboards can write them, count as the plain ones. */
const plain = (typed: string): string => typed.normalize("NFKC");

/** The digits of what was typed or pasted: `123 456` is 123456. More than a code holds is dropped. */
export const digits = (typed: string): string => plain(typed).replace(/[^0-9]/g, "").slice(0, CODE_LENGTH);

/** A recovery code as the service writes it, however it was typed: `abcde fghij` is ABCDE-FGHIJ. */
export function recoveryCode(typed: string): string {
  const letters = plain(typed).toUpperCase().replace(/[^A-Z0-9]/g, "");
  return letters.length > 5 ? `${letters.slice(0, 5)}-${letters.slice(5)}` : letters;
}

/** A secret in groups of four, as it is read from one screen and typed on another. */
export const grouped = (secret: string): string[] => secret.replace(/\s/g, "").match(/.{1,4}/g) ?? [];

/** The file with recovery codes: what they are for and whose, then one per line. */
export const codesFile = (title: string, account: string, date: string, codes: readonly string[]): string =>
  [title, account, date, "", ...codes, ""].join("\r\n");
