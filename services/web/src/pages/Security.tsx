/** What protects the reader's account: password, second step, sessions, address. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { mfa, sessions } from "../api/identity";
import { Address } from "../features/security/Address";
import { Password } from "../features/security/Password";
import { Sessions } from "../features/security/Sessions";
import { TwoStep } from "../features/security/TwoStep";
import { useText } from "../i18n";
import { keys } from "../state/queries";
import { Icon } from "../ui/Icon";
import { Failure, Loading } from "../ui/states";
import { useTitle } from "../ui/useTitle";

export function Security() {
  const t = useText();
  useTitle(t.security.title);
  const second = useQuery({ queryKey: keys.mfa, queryFn: mfa });
  const signedIn = useQuery({ queryKey: keys.sessions, queryFn: sessions, staleTime: 0 });
  // All at once: sections that arrive one by one would push each other down under the reader's hand.
  const waiting = second.isPending || signedIn.isPending;
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
          {second.data ? <TwoStep state={second.data} /> : <Failed title={t.security.mfa.title} error={second.error} retry={() => void second.refetch()} />}
          {signedIn.data ? <Sessions items={signedIn.data.items} /> : <Failed title={t.security.sessions.title} error={signedIn.error} retry={() => void signedIn.refetch()} />}
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
