import { useMutation } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { signIn } from "../api/auth";
import { isProblem } from "../api/problem";
import { useText } from "../i18n";
import { TextField } from "../ui/Field";
import { explain } from "../ui/states";
import { AuthFrame } from "./AuthFrame";

export function SignIn() {
  const t = useText();
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const enter = useMutation({
    mutationFn: (data: FormData) => signIn({ email: String(data.get("email")), password: String(data.get("password")) }),
    onSuccess: () => router.history.push(next ?? "/boards"),
  });
  const fault = enter.error && (isProblem(enter.error) && enter.error.status === 401 ? t.auth.wrong : explain(enter.error, t));
  return (
    <AuthFrame
      title={t.auth.signInTitle}
      submit={t.auth.signIn}
      busy={enter.isPending}
      fault={fault ?? undefined}
      onSubmit={enter.mutate}
      footer={<>{t.auth.noAccount} <Link to="/sign-up">{t.auth.signUp}</Link></>}
    >
      <TextField label={t.auth.email} name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label={t.auth.password} name="password" type="password" autoComplete="current-password" required />
    </AuthFrame>
  );
}
