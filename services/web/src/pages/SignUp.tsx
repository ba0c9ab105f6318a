/**
 * Starting a workspace, where that is open: the very first person at once, everybody else by a link that is mailed to
 * them, so that the page never tells whether an address has an account.
 */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { beginSignUp, completeSignUp, signUp } from "../api/auth";
import { isProblem } from "../api/problem";
import type { Session } from "../api/types";
import { linkFault, type LinkFault } from "../domain/link";
import { PASSWORD_MIN, PASSWORD_PATTERN, passwordFault } from "../domain/password";
import { systemZone } from "../domain/time";
import { useLanguage, useText } from "../i18n";
import { useLinkToken } from "../state/linkToken";
import { useSignInOptions } from "../state/options";
import { useSend } from "../state/send";
import { Button } from "../ui/Button";
import { PasswordField, TextField } from "../ui/Field";
import { useRefusal } from "../ui/refusal";
import { AuthFrame, AuthNotice } from "./AuthFrame";

export function SignUp() {
  const t = useText();
  const open = useSignInOptions()?.sign_up;
  const token = useLinkToken();
  if (open === "closed") {
    return (
      <AuthNotice title={t.auth.signUpTitle}>
        <p className="auth-intro">{t.auth.closed}</p>
        <Link to="/sign-in" className="button button-wide" data-look="primary">{t.auth.signIn}</Link>
      </AuthNotice>
    );
  }
  if (open === "first") return <Founding />;
  return token === "" ? <Asking /> : <Founding key={token} token={token} />;
}

function HaveAccount() {
  const t = useText();
  return <>{t.auth.haveAccount} <Link to="/sign-in">{t.auth.signIn}</Link></>;
}

/** Which address the link goes to. */
function Asking() {
  const t = useText();
  const language = useLanguage();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const ask = useSend((email: string) => beginSignUp({ email, language }).then(() => email), { done: setSentTo });
  const refusal = useRefusal(ask.error);
  if (sentTo !== null) {
    return (
      <AuthNotice title={t.security.forgot.sentTitle}>
        <p className="auth-intro">{t.auth.linkSent(sentTo)}</p>
        <p className="faint">{t.security.forgot.sentHelp}</p>
        <Link to="/sign-in" className="button button-wide" data-look="primary">{t.security.forgot.toSignIn}</Link>
        <Button className="button-wide" onClick={() => setSentTo(null)}>{t.security.forgot.again}</Button>
      </AuthNotice>
    );
  }
  const fault = isProblem(ask.error) ? ask.error.field("email") : undefined;
  return (
    <AuthFrame
      title={t.auth.signUpTitle}
      intro={t.auth.linkIntro}
      submit={t.auth.sendLink}
      busy={ask.busy || refusal.held}
      fault={fault ? undefined : refusal.told}
      onSubmit={(data) => ask.send(String(data.get("email")).trim())}
      footer={<HaveAccount />}
    >
      <TextField label={t.auth.email} name="email" type="email" autoComplete="username" required autoFocus fault={fault} />
    </AuthFrame>
  );
}

/** What belongs into an account; the address too, where no link has proved it. */
function Founding({ token }: { token?: string }) {
  const t = useText();
  const language = useLanguage();
  const navigate = useNavigate();
  const enter = useSend(
    (data: FormData): Promise<Session> => {
      const field = (name: string) => String(data.get(name)).trim();
      const body = { password: String(data.get("password")), name: field("name"), workspace_name: field("workspace_name"), language, time_zone: systemZone() };
      return token === undefined ? signUp({ email: field("email"), ...body }) : completeSignUp({ token, ...body });
    },
    { done: () => void navigate({ to: "/boards" }) },
  );
  const refusal = useRefusal(enter.error);
  const problem = isProblem(enter.error) ? enter.error : null;
  const named = problem?.body.errors !== undefined && problem.body.errors.length > 0;
  const link = token === undefined ? null : linkFault(enter.error);
  if (link) return <BadLink why={link} />;
  return (
    <AuthFrame
      title={t.auth.signUpTitle}
      submit={t.auth.signUp}
      busy={enter.busy || refusal.held}
      fault={named ? undefined : problem?.status === 403 ? t.auth.closed : refusal.told}
      onSubmit={enter.send}
      footer={<HaveAccount />}
    >
      <TextField label={t.auth.workspace} name="workspace_name" required maxLength={100} autoFocus fault={problem?.field("workspace_name")} />
      <TextField label={t.auth.name} name="name" autoComplete="name" required maxLength={100} fault={problem?.field("name")} />
      {token === undefined && <TextField label={t.auth.email} name="email" type="email" autoComplete="username" required fault={problem?.field("email")} />}
      <PasswordField label={t.auth.password} name="password" autoComplete="new-password" required minLength={PASSWORD_MIN} pattern={PASSWORD_PATTERN} title={t.security.password.length} help={t.security.password.rule} fault={passwordFault(problem?.fault("password"), t)} />
    </AuthFrame>
  );
}

function BadLink({ why }: { why: LinkFault }) {
  const t = useText();
  return (
    <AuthNotice title={t.security.reset[why]}>
      <p className="auth-intro">{t.auth.badLink[why]}</p>
      {why !== "used" && <Button look="primary" className="button-wide" onClick={() => location.assign("/sign-up")}>{t.security.reset.another}</Button>}
      <Link to="/sign-in" className="button button-wide" data-look={why === "used" ? "primary" : "plain"}>{t.security.forgot.toSignIn}</Link>
    </AuthNotice>
  );
}
