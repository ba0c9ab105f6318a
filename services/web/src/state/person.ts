/** What follows from who is signed in: the language on screen, and how they look. */
import type { Me } from "../api/types";
import { setLanguage, currentLanguage } from "../i18n";
import { adoptPictures } from "./pictures";

let adopted: string | null = null;

/** Once per person and change of theirs; a language chosen here since then is theirs anyway. */
export function adoptPerson(person: Me): void {
  const mark = `${person.id} ${person.version} ${person.language}`;
  if (mark === adopted) return;
  adopted = mark;
  adoptPictures([person]);
  if (person.language !== currentLanguage()) setLanguage(person.language);
}
