/** The second step of signing in: a passkey or a code, while the ticket of the first step lasts. */
import { useState, type ReactNode } from "react";
import { secondFactor, type Challenge, type Method } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { ways } from "../../domain/ways";
import { useText } from "../../i18n";
import { AuthFrame, AuthNotice } from "../../pages/AuthFrame";
import { passkeysHere } from "../../state/passkey";
import { useSend } from "../../state/send";
import { CodeField, useCodeForm, type CodeKind } from "./code";
import { OtherWays } from "./OtherWays";
import { signInWith, usePasskeyFault } from "./passkey";

interface Props {
  challenge: Challenge;
  onDone: () => void;
  /** The ticket is used up or too old: it starts again with the password. */
  onOver: () => void;
  onBack: () => void;
}

interface WayProps {
  ticket: string;
  onDone: () => void;
  failed: (error: unknown) => void;
  others: ReactNode;
  footer: ReactNode;
}

function ByCode({ kind, ticket, onDone, failed, others, footer }: WayProps & { kind: CodeKind }) {
  const t = useText();
  const form = useCodeForm((code) => secondFactor({ ticket, code }), { done: onDone, failed }, kind);
  return (
    <AuthFrame
      title={t.security.code.title}
      intro={kind === "totp" ? t.security.code.text : t.security.code.recoveryText}
      submit={t.security.code.check}
      busy={form.busy}
      fault={form.told}
      onSubmit={form.submit}
      footer={footer}
    >
      <CodeField form={form} />
      {others}
    </AuthFrame>
  );
}

function ByPasskey({ ticket, onDone, failed, others, footer }: WayProps) {
  const t = useText();
  const enter = useSend(() => signInWith({ ticket }), { done: onDone, failed });
  const { told, held } = usePasskeyFault(enter.error);
  return (
    <AuthFrame
      title={t.security.code.title}
      intro={t.passkeys.stepText}
      submit={t.passkeys.use}
      submitIcon="passkey"
      busy={enter.busy || held}
      fault={told}
      onSubmit={() => enter.send()}
      footer={footer}
      after={others}
      focusSubmit
    />
  );
}

export function CodeStep({ challenge, onDone, onOver, onBack }: Props) {
  const t = useText();
  const offered = ways(challenge.methods, passkeysHere()).filter((way) => way !== "password");
  const [way, setWay] = useState<Method | undefined>(offered[0]);
  const back = <button type="button" className="text-button" onClick={onBack}>{t.security.code.back}</button>;
  if (way === undefined || way === "password") {
    return <AuthNotice title={t.security.code.title}><p className="auth-intro">{t.passkeys.impossible}</p><p className="auth-footer">{back}</p></AuthNotice>;
  }
  const shared: WayProps = {
    ticket: challenge.ticket,
    onDone,
    failed: (error) => {
      if (isProblem(error) && error.status === 409) onOver();
    },
    others: <OtherWays offered={offered} present={way} onTurn={setWay} />,
    footer: back,
  };
  return way === "passkey" ? <ByPasskey {...shared} /> : <ByCode key={way} kind={way} {...shared} />;
}
