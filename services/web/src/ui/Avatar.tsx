/** A person as a small seal, coloured and lettered the same everywhere; nobody is an empty, dashed one. */
import { hueOf, initials } from "../domain/person";

interface Person {
  id: string;
  name: string;
}

export function Avatar({ person, size = "m" }: { person: Person | null; size?: "s" | "m" | "l" }) {
  if (!person) return <span className="avatar avatar-nobody" data-size={size} aria-hidden="true" />;
  return (
    <span className="avatar" data-size={size} data-hue={hueOf(person.id)} aria-hidden="true">
      {initials(person.name)}
    </span>
  );
}
