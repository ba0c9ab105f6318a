/** Which cards a filter lets through. */
import type { Card } from "../api/types";

export interface Filter {
  text: string;
  /** Person ids, or `NOBODY`; empty means everyone. */
  pics: readonly string[];
}

export const NOBODY = "nobody";

/** Typed and stored text may differ in composition (한 as one code point or as jamo) and case. */
export const fold = (text: string): string => text.normalize("NFC").toLocaleLowerCase();

export const isActive = (filter: Filter): boolean => filter.text.trim() !== "" || filter.pics.length > 0;

export function matcher(filter: Filter): (card: Card) => boolean {
  const words = fold(filter.text).split(/\s+/).filter(Boolean);
  const pics = new Set(filter.pics);
  return (card) => {
    if (pics.size > 0 && !pics.has(card.pic_id ?? NOBODY)) return false;
    if (words.length === 0) return true;
    const text = fold([card.title, ...card.labels].join("\n"));
    return words.every((word) => text.includes(word));
  };
}
