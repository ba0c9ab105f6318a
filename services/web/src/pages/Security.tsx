/** What protects the reader's account: password, passkeys, second step, other ways in, sessions, tokens, address. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { identities } from "../api/external";
import { mfa, sessions } from "../api/identity";
import { tokens } from "../api/tokens";
import { Identities } from "../features/external/Identities";
import { Address } from "../features/security/Address";
import { Passkeys } from "../features/security/Passkeys";
import { Password } from "../features/security/Password";
import { Recovery } from "../features/security/Recovery";
import { Sessions } from "../features/security/Sessions";
import { TwoStep } from "../features/security/TwoStep";
import { Tokens } from "../features/tokens/Tokens";
import { useText } from "../i18n";
import { useSignInOptions } from "../state/options";
import { all, keys } from "../state/queries";
import { Icon } from "../ui/Icon";
import { Failure, Loading } from "../ui/states";
import { useTitle } from "../ui/useTitle";

export function Security() {
  const t = useText();
  useTitle(t.security.title);
  const options = useSignInOptions();
  const second = useQuery({ queryKey: keys.mfa, queryFn: mfa });
  const linked = useQuery({ queryKey: keys.identities, queryFn: identities });
  const signedIn = useQuery({ queryKey: keys.sessions, queryFn: sessions, staleTime: 0 });
  const own = useQuery({ queryKey: keys.tokens, queryFn: () => all(tokens), staleTime: 0 });
  // All at once: sections that arrive one by one would push each other down under the reader's hand.
  const waiting = [second, linked, signedIn, own].some((each) => each.isPending);
  const factors = second.data;
  const protectedBy = factors !== undefined && (factors.totp.enabled || factors.passkeys.length > 0);
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <div>
          <Link to="/settings" className="text-button"><Icon name="left" size={16} /> {t.settings.title}</Link>
          <h1>{t.security.title}</h1>
          <p className="faint">{t.security.text}</p>
        </div>
      </header>
      {waiting ? (
        <Loading />
      ) : (
        <>
          <Password />
          {factors ? (
            <>
              {(options?.passkeys !== false || factors.passkeys.length > 0) && <Passkeys items={factors.passkeys} />}
              <TwoStep state={factors} />
              {protectedBy && <Recovery left={factors.recovery_codes_left} />}
            </>
          ) : (
            <Failed title={t.security.mfa.title} error={second.error} retry={() => void second.refetch()} />
          )}
          {linked.data ? <Identities items={linked.data.items} providers={options?.providers ?? []} /> : <Failed title={t.external.title} error={linked.error} retry={() => void linked.refetch()} />}
          {signedIn.data ? <Sessions items={signedIn.data.items} /> : <Failed title={t.security.sessions.title} error={signedIn.error} retry={() => void signedIn.refetch()} />}
          {own.data ? <Tokens items={own.data} /> : <Failed title={t.tokens.title} error={own.error} retry={() => void own.refetch()} />}
          <Address />
        </>
      )}
    </div>
  );
}

function Failed({ title, error, retry }: { title: string; error: unknown; retry: () => void }) {
  return (
    <section className="setting">
      <h2>{title}</h2>
      <Failure error={error} retry={retry} />
    </section>
  );
}
