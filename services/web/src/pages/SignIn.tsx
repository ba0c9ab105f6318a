/** Signing in: address and password, then a code where a second step is switched on. */
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { signIn } from "../api/auth";
import { challenge, type Challenge } from "../api/identity";
import { isProblem } from "../api/problem";
import { CodeStep } from "../features/security/CodeStep";
import { useText } from "../i18n";
import { useSend } from "../state/send";
import { PasswordField, TextField } from "../ui/Field";
import { useRefusal } from "../ui/refusal";
import { AuthFrame } from "./AuthFrame";

interface FirstStep {
  /** The address of the attempt before, so that it need not be typed again. */
  email: string;
  note: ReactNode;
  onDone: () => void;
  onAsked: (asked: Challenge, email: string) => void;
}

function PasswordStep({ email, note, onDone, onAsked }: FirstStep) {
  const t = useText();
  const enter = useSend(
    async (body: { email: string; password: string }) => {
      try {
        await signIn(body);
        return null;
      } catch (error) {
        const asked = challenge(error);
        if (!asked) throw error;
        return { asked, email: body.email };
      }
    },
    { done: (more) => (more ? onAsked(more.asked, more.email) : onDone()) },
  );
  const refusal = useRefusal(enter.error);
  return (
    <AuthFrame
      title={t.auth.signInTitle}
      note={note}
      submit={t.auth.signIn}
      busy={enter.busy || refusal.held}
      fault={isProblem(enter.error) && enter.error.status === 401 ? t.auth.wrong : refusal.told}
      onSubmit={(data) => enter.send({ email: String(data.get("email")), password: String(data.get("password")) })}
      footer={<>{t.auth.noAccount} <Link to="/sign-up">{t.auth.signUp}</Link></>}
    >
      <TextField label={t.auth.email} name="email" type="email" autoComplete="username" required autoFocus={email === ""} defaultValue={email} />
      <PasswordField label={t.auth.password} name="password" autoComplete="current-password" required autoFocus={email !== ""} />
      <p className="auth-aside"><Link to="/forgot">{t.security.forgot.link}</Link></p>
    </AuthFrame>
  );
}

export function SignIn() {
  const t = useText();
  const router = useRouter();
  const { next, note } = useSearch({ from: "/sign-in" });
  const [asked, setAsked] = useState<Challenge | null>(null);
  const [email, setEmail] = useState("");
  const [over, setOver] = useState(false);
  const arrive = () => router.history.push(next ?? "/boards");
  const startOver = (because: boolean) => {
    setOver(because);
    setAsked(null);
  };
  if (asked) return <CodeStep challenge={asked} onDone={arrive} onOver={() => startOver(true)} onBack={() => startOver(false)} />;
  const told = over ? (
    <p className="note" data-tone="warn" role="alert">{t.security.code.over}</p>
  ) : (
    note === "reset" && <p className="note" role="status">{t.security.reset.done}</p>
  );
  return (
    <PasswordStep email={email} note={told} onDone={arrive}
      onAsked={(challenge, address) => {
        setEmail(address);
        setOver(false);
        setAsked(challenge);
      }} />
  );
}
