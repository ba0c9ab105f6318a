/** Accepting an invitation. Its token comes behind `#`, which no server and no log ever sees. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { acceptInvitation, inspectInvitation } from "../api/auth";
import { challenge } from "../api/identity";
import { isProblem } from "../api/problem";
import { PASSWORD_MIN, PASSWORD_PATTERN, passwordFault } from "../domain/password";
import { systemZone } from "../domain/time";
import { CodeStep } from "../features/security/CodeStep";
import { useLanguage, useText } from "../i18n";
import { useSend } from "../state/send";
import { PasswordField, TextField } from "../ui/Field";
import { Mark } from "../ui/Icon";
import { useRefusal } from "../ui/refusal";
import { Loading } from "../ui/states";
import { AuthFrame } from "./AuthFrame";

export function Join() {
  const t = useText();
  const language = useLanguage();
  const navigate = useNavigate();
  const [token] = useState(() => location.hash.replace(/^#/, ""));
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => inspectInvitation(token),
    enabled: token !== "",
    retry: false,
    staleTime: Infinity,
  });
  const arrive = () => void navigate({ to: "/boards" });
  const enter = useSend(
    (data: FormData) =>
      acceptInvitation({
        token,
        password: String(data.get("password")),
        // Someone who has an account has a name, a language and a time zone already.
        ...(data.has("name") ? { name: String(data.get("name")).trim(), language, time_zone: systemZone() } : {}),
      }),
    { done: arrive },
  );
  const refusal = useRefusal(enter.error);
  const asked = challenge(enter.error);
  if (asked) return <CodeStep challenge={asked} onDone={arrive} onOver={enter.clear} onBack={enter.clear} />;
  if (invitation.isLoading) return <Loading />;
  if (!invitation.data) {
    return (
      <main className="lonely">
        <Mark size={40} />
        <h1>{t.auth.badInvitation}</h1>
        <Link to="/sign-in" className="button">{t.auth.signIn}</Link>
      </main>
    );
  }
  const { workspace_name, email, role, known_person } = invitation.data;
  const problem = isProblem(enter.error) ? enter.error : null;
  const named = problem?.body.errors !== undefined && problem.body.errors.length > 0;
  const fault = named ? undefined : problem?.status === 401 ? t.auth.wrong : refusal.told;
  return (
    <AuthFrame
      title={t.auth.joinTitle(workspace_name)}
      intro={<>{t.auth.joinAs(email, t.role[role])}{known_person && <> {t.auth.known}</>}</>}
      submit={t.auth.join}
      busy={enter.busy || refusal.held}
      fault={fault}
      onSubmit={enter.send}
    >
      <input type="hidden" name="email" value={email} autoComplete="username" />
      {!known_person && <TextField label={t.auth.name} name="name" autoComplete="name" required maxLength={100} autoFocus fault={problem?.field("name")} />}
      <PasswordField label={t.auth.password} name="password" required minLength={known_person ? undefined : PASSWORD_MIN} pattern={PASSWORD_PATTERN} title={t.security.password.length}
        autoComplete={known_person ? "current-password" : "new-password"}
        help={known_person ? undefined : t.security.password.rule} fault={passwordFault(problem?.fault("password"), t)} />
    </AuthFrame>
  );
}
