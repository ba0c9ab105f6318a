/** Starting a workspace, where that is open. */
import { Link, useNavigate } from "@tanstack/react-router";
import { signUp } from "../api/auth";
import { isProblem } from "../api/problem";
import { PASSWORD_MIN, passwordFault } from "../domain/password";
import { systemZone } from "../domain/time";
import { useLanguage, useText } from "../i18n";
import { useSignInOptions } from "../state/options";
import { useSend } from "../state/send";
import { PasswordField, TextField } from "../ui/Field";
import { useRefusal } from "../ui/refusal";
import { AuthFrame, AuthNotice } from "./AuthFrame";

export function SignUp() {
  const t = useText();
  return useSignInOptions()?.sign_up === "closed" ? (
    <AuthNotice title={t.auth.signUpTitle}>
      <p className="auth-intro">{t.auth.closed}</p>
      <Link to="/sign-in" className="button button-wide" data-look="primary">{t.auth.signIn}</Link>
    </AuthNotice>
  ) : (
    <Founding />
  );
}

function Founding() {
  const t = useText();
  const language = useLanguage();
  const navigate = useNavigate();
  const enter = useSend(
    (data: FormData) => {
      const field = (name: string) => String(data.get(name)).trim();
      return signUp({
        email: field("email"),
        password: String(data.get("password")),
        name: field("name"),
        workspace_name: field("workspace_name"),
        language,
        time_zone: systemZone(),
      });
    },
    { done: () => void navigate({ to: "/boards" }) },
  );
  const refusal = useRefusal(enter.error);
  const problem = isProblem(enter.error) ? enter.error : null;
  const named = problem?.body.errors !== undefined && problem.body.errors.length > 0;
  return (
    <AuthFrame
      title={t.auth.signUpTitle}
      submit={t.auth.signUp}
      busy={enter.busy || refusal.held}
      fault={named ? undefined : problem?.status === 403 ? t.auth.closed : refusal.told}
      onSubmit={enter.send}
      footer={<>{t.auth.haveAccount} <Link to="/sign-in">{t.auth.signIn}</Link></>}
    >
      <TextField label={t.auth.workspace} name="workspace_name" required maxLength={100} autoFocus fault={problem?.field("workspace_name")} />
      <TextField label={t.auth.name} name="name" autoComplete="name" required maxLength={100} fault={problem?.field("name")} />
      <TextField label={t.auth.email} name="email" type="email" autoComplete="username" required fault={problem?.field("email")} />
      <PasswordField label={t.auth.password} name="password" autoComplete="new-password" required minLength={PASSWORD_MIN} help={t.security.password.rule} fault={passwordFault(problem?.field("password"), t)} />
    </AuthFrame>
  );
}
