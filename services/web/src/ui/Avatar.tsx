/** A person as a small seal: their picture, or colour and letters, the same everywhere; a program has its own, nobody an empty, dashed one. */
import { hueOf, initials } from "../domain/person";
import { usePicture } from "../state/pictures";
import { Icon } from "./Icon";

interface Person {
  id: string;
  name: string;
  kind?: "person" | "service";
}

const ICON = { s: 14, m: 18, l: 22, xl: 34 } as const;

export function Avatar({ person, size = "m" }: { person: Person | null; size?: keyof typeof ICON }) {
  const picture = usePicture(person?.id);
  if (!person) return <span className="avatar avatar-nobody" data-size={size} aria-hidden="true" />;
  if (person.kind === "service") return <span className="avatar avatar-service" data-size={size} aria-hidden="true"><Icon name="robot" size={ICON[size]} /></span>;
  return (
    <span className="avatar" data-size={size} data-hue={hueOf(person.id)} aria-hidden="true">
      {picture ? <img src={picture} alt="" draggable={false} /> : initials(person.name)}
    </span>
  );
}
