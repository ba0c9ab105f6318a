/** Search by words, and by who is in charge. */
import type { RefObject } from "react";
import type { Card, Member } from "../../api/types";
import { isActive, NOBODY, type Filter as FilterValue } from "../../domain/filter";
import { useText } from "../../i18n";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";

interface Props {
  value: FilterValue;
  onChange: (value: FilterValue) => void;
  people: readonly Member[];
  counts: { shown: number; all: number };
  search: RefObject<HTMLInputElement | null>;
}

/** Those in charge of something here, oneself first. */
export function inCharge(cards: Iterable<Card>, members: readonly Member[], me: string): Member[] {
  const ids = new Set<string | null>();
  for (const card of cards) ids.add(card.pic_id);
  return members
    .filter((member) => ids.has(member.id) || member.id === me)
    .sort((a, b) => Number(b.id === me) - Number(a.id === me) || a.name.localeCompare(b.name));
}

export function Filter({ value, onChange, people, counts, search }: Props) {
  const t = useText();
  const active = isActive(value);
  const toggle = (id: string) => {
    const pics = value.pics.includes(id) ? value.pics.filter((other) => other !== id) : [...value.pics, id];
    onChange({ ...value, pics });
  };
  return (
    <div className="filter" role="search">
      <div className="search">
        <Icon name="search" size={18} />
        <input ref={search} type="search" className="input" value={value.text} placeholder={t.help.keys.search} aria-label={t.board.search} aria-keyshortcuts="/"
          onChange={(event) => onChange({ ...value, text: event.target.value })}
          onKeyDown={(event) => event.key === "Escape" && !event.nativeEvent.isComposing && event.currentTarget.blur()} />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <div className="faces" role="group" aria-label={t.board.filterPic}>
        {people.map((person) => (
          <button key={person.id} type="button" className="face" aria-pressed={value.pics.includes(person.id)} aria-label={person.name} title={person.name} onClick={() => toggle(person.id)}>
            <Avatar person={person} />
          </button>
        ))}
        <button type="button" className="face" aria-pressed={value.pics.includes(NOBODY)} aria-label={t.board.nobody} title={t.board.nobody} onClick={() => toggle(NOBODY)}>
          <Avatar person={null} />
        </button>
      </div>
      <div className="filter-state" role="status">
        {active && (
          <>
            <span>{t.board.matches(counts.shown, counts.all)}</span>
            <button type="button" className="text-button" onClick={() => onChange({ text: "", pics: [] })}>{t.board.clearFilter}</button>
          </>
        )}
      </div>
    </div>
  );
}
