/** Choosing a new password with the link of a mail. */
import { Link, useNavigate } from "@tanstack/react-router";
import { resetPassword } from "../api/identity";
import { isProblem } from "../api/problem";
import { linkFault } from "../domain/link";
import { PASSWORD_MIN, PASSWORD_PATTERN, passwordFault } from "../domain/password";
import { useText } from "../i18n";
import { useLinkToken } from "../state/linkToken";
import { useSend } from "../state/send";
import { PasswordField } from "../ui/Field";
import { useRefusal } from "../ui/refusal";
import { AuthFrame, AuthNotice } from "./AuthFrame";

function NewPassword({ token }: { token: string }) {
  const t = useText();
  const navigate = useNavigate();
  const save = useSend((new_password: string) => resetPassword({ token, new_password }), {
    done: () => void navigate({ to: "/sign-in", search: { note: "reset" } }),
  });
  const refusal = useRefusal(save.error);
  const link = linkFault(save.error);
  if (link) return <BadLink why={link} />;
  const fault = passwordFault(isProblem(save.error) ? save.error.fault("new_password") : undefined, t);
  return (
    <AuthFrame
      title={t.security.reset.title}
      intro={t.security.reset.text}
      submit={t.security.reset.save}
      busy={save.busy || refusal.held}
      fault={fault ? undefined : refusal.told}
      onSubmit={(data) => save.send(String(data.get("new_password")))}
    >
      <PasswordField label={t.security.password.new} name="new_password" autoComplete="new-password" required minLength={PASSWORD_MIN} pattern={PASSWORD_PATTERN} title={t.security.password.length} autoFocus
        help={t.security.password.rule} fault={fault} />
    </AuthFrame>
  );
}

function BadLink({ why }: { why: "used" | "expired" | "unknown" }) {
  const t = useText();
  const { reset } = t.security;
  return (
    <AuthNotice title={reset[why]}>
      <p className="auth-intro">{reset[`${why}Text`]}</p>
      <Link to="/forgot" className="button button-wide" data-look="primary">{reset.another}</Link>
      <Link to="/sign-in" className="button button-wide">{t.security.forgot.toSignIn}</Link>
    </AuthNotice>
  );
}

export function Reset() {
  const token = useLinkToken();
  return token === "" ? <BadLink why="unknown" /> : <NewPassword key={token} token={token} />;
}
