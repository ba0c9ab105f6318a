/** A small mark for a provider: our own drawing for a few, the first letter of its name for all others. */
import { Icon, type IconName } from "../../ui/Icon";

const DRAWN: Partial<Record<string, IconName>> = { kakao: "comment", keycloak: "key", auth0: "shield", cognito: "people" };

export function ProviderMark({ id, name }: { id: string; name: string }) {
  const drawn = DRAWN[id];
  return (
    <span className="provider-mark" aria-hidden="true">
      {drawn ? <Icon name={drawn} size={15} /> : ([...name.trim()][0] ?? "·").toLocaleUpperCase()}
    </span>
  );
}
