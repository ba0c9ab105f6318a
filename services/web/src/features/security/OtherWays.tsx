/** The other ways to prove who one is, below the one on screen. */
import type { Method } from "../../api/identity";
import { useText } from "../../i18n";

interface Props {
  offered: readonly Method[];
  present: Method;
  onTurn: (way: Method) => void;
}

export function OtherWays({ offered, present, onTurn }: Props) {
  const t = useText();
  const words: Record<Method, string> = {
    passkey: t.passkeys.useInstead,
    password: t.passkeys.usePassword,
    totp: t.security.code.useApp,
    recovery_code: t.security.code.useRecovery,
  };
  const others = offered.filter((way) => way !== present);
  if (others.length === 0) return null;
  return (
    <div className="other-ways">
      {others.map((way) => <button key={way} type="button" className="text-button" onClick={() => onTurn(way)}>{words[way]}</button>)}
    </div>
  );
}
