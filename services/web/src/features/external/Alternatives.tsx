/** Below the password: signing in with a passkey, or by a provider. */
import type { ReactNode } from "react";
import { startAddress } from "../../api/external";
import type { SignInOptions } from "../../api/types";
import { useText } from "../../i18n";
import { passkeysHere } from "../../state/passkey";
import { Button } from "../../ui/Button";
import { ProviderMark } from "./ProviderMark";

interface Props {
  options: SignInOptions;
  returnTo: string;
  passkey: { busy: boolean; told: ReactNode | undefined; start: () => void };
}

export function Alternatives({ options, returnTo, passkey }: Props) {
  const t = useText();
  const byPasskey = options.passkeys && passkeysHere();
  if (!byPasskey && options.providers.length === 0) return null;
  return (
    <>
      <p className="auth-or"><span>{t.passkeys.or}</span></p>
      <div className="auth-ways">
        {byPasskey && <Button icon="passkey" className="button-wide" busy={passkey.busy} onClick={passkey.start}><span>{t.passkeys.signIn}</span></Button>}
        {passkey.told && <p className="form-fault" role="alert">{passkey.told}</p>}
        {options.providers.map(({ id, name }) => (
          // A real link, which the service answers with the way to the provider: not a page of this app.
          <a key={id} href={startAddress(id, returnTo)} className="button button-wide"><ProviderMark id={id} name={name} /><span>{t.external.with(name)}</span></a>
        ))}
      </div>
    </>
  );
}
