/** Asking for a link to choose a new password. The answer never tells whether there is such an account. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { forgotPassword } from "../api/identity";
import { isProblem } from "../api/problem";
import { useText } from "../i18n";
import { useSend } from "../state/send";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { useRefusal } from "../ui/refusal";
import { AuthFrame, AuthNotice } from "./AuthFrame";

export function Forgot() {
  const t = useText();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const ask = useSend((email: string) => forgotPassword(email).then(() => email), { done: setSentTo });
  const refusal = useRefusal(ask.error);
  if (sentTo !== null) {
    return (
      <AuthNotice title={t.security.forgot.sentTitle}>
        <p className="auth-intro">{t.security.forgot.sent(sentTo)}</p>
        <p className="faint">{t.security.forgot.sentHelp}</p>
        <Link to="/sign-in" className="button button-wide" data-look="primary">{t.security.forgot.toSignIn}</Link>
        <Button className="button-wide" onClick={() => setSentTo(null)}>{t.security.forgot.again}</Button>
      </AuthNotice>
    );
  }
  const fault = isProblem(ask.error) ? ask.error.field("email") : undefined;
  return (
    <AuthFrame
      title={t.security.forgot.title}
      intro={t.security.forgot.text}
      submit={t.security.forgot.send}
      busy={ask.busy || refusal.held}
      fault={fault ? undefined : refusal.told}
      onSubmit={(data) => ask.send(String(data.get("email")).trim())}
      footer={<Link to="/sign-in">{t.security.code.back}</Link>}
    >
      <TextField label={t.auth.email} name="email" type="email" autoComplete="username" required autoFocus fault={fault} />
    </AuthFrame>
  );
}
