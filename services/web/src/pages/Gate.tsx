/**
 * In front of a workspace that requires a second step, for whoever has none: setting one up, going to another
 * workspace, or leaving. The services let nothing else through before.
 */
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { switchWorkspace } from "../api/identity";
import { accessToken, refresh, useMe } from "../api/session";
import { useFactorSetup } from "../features/security/useFactorSetup";
import { useSignOut } from "../features/workspace/signOut";
import { useText } from "../i18n";
import { useSignInOptions } from "../state/options";
import { passkeysHere } from "../state/passkey";
import { move } from "../state/moving";
import { queries, useWorkspaces } from "../state/queries";
import { useSend } from "../state/send";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Icon, Mark, type IconName } from "../ui/Icon";
import { explain } from "../ui/states";
import { toast } from "../ui/toast";
import { useTitle } from "../ui/useTitle";
import { LanguageSwitch } from "./AuthFrame";

interface WayProps {
  icon: IconName;
  title: string;
  text: string;
  action: string;
  look: "primary" | "plain";
  busy: boolean;
  onStart: () => void;
}

function Way({ icon, title, text, action, look, busy, onStart }: WayProps) {
  return (
    <section className="gate-way">
      <span className="service-mark"><Icon name={icon} size={22} /></span>
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      <Button look={look} busy={busy} onClick={onStart}>{action}</Button>
    </section>
  );
}

export function Gate() {
  const t = useText();
  const words = t.gate;
  const me = useMe();
  const router = useRouter();
  const leave = useSignOut();
  const byPasskey = useSignInOptions()?.passkeys !== false && passkeysHere();
  const others = useWorkspaces().data?.filter((each) => each.id !== me.workspace.id) ?? [];
  const heading = useRef<HTMLHeadingElement>(null);
  const title = words.title(me.workspace.name);
  useTitle(title);
  useEffect(() => heading.current?.focus(), []);
  const complain = (error: unknown) => toast(explain(error, t), { tone: "bad" });
  // The token at hand still says no; a fresh one knows better. What was refused before is asked anew.
  const pass = useSend(
    () => {
      queries.removeQueries({ type: "inactive" });
      return refresh(accessToken());
    },
    {
      done: () => {
        announce(words.through);
        void router.invalidate();
      },
      failed: complain,
    },
  );
  const setup = useFactorSetup((done) => {
    if (done) pass.send();
    else requestAnimationFrame(() => heading.current?.focus());
  });
  const app = <Way icon="shield" title={words.app} text={words.appText} action={words.setUpApp} look={byPasskey ? "plain" : "primary"} busy={setup.appBusy || pass.busy} onStart={setup.startApp} />;
  return (
    <div className="gate">
      <header className="gate-top">
        <Mark size={28} /> <strong>{t.app.name}</strong>
        <Button look="quiet" icon="leave" onClick={() => void leave()}>{t.app.signOut}</Button>
      </header>
      <main className="gate-main">
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        <p className="auth-intro">{words.text}</p>
        {byPasskey && <Way icon="passkey" title={words.passkey} text={words.passkeyText} action={words.setUpPasskey} look="primary" busy={pass.busy} onStart={setup.startPasskey} />}
        {app}
        {others.length > 0 && (
          <section className="gate-others">
            <h2>{words.elsewhere}</h2>
            <div className="form-start">
              {others.map((each) => <Button key={each.id} onClick={() => void move(() => switchWorkspace(each.id)).catch(complain)}>{words.to(each.name)}</Button>)}
            </div>
          </section>
        )}
        <LanguageSwitch />
      </main>
      {setup.dialogs}
    </div>
  );
}
