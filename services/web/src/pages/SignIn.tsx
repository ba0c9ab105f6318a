/** Signing in: address and password, then a second step where one is switched on; or a passkey, or a provider. */
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { signIn } from "../api/auth";
import { challenge, type Challenge } from "../api/identity";
import { isProblem } from "../api/problem";
import { Alternatives } from "../features/external/Alternatives";
import { CodeStep } from "../features/security/CodeStep";
import { signInWith, usePasskeyFault, usePasskeyInField } from "../features/security/passkey";
import { useText } from "../i18n";
import { useSignInOptions } from "../state/options";
import { useSend } from "../state/send";
import { PasswordField, TextField } from "../ui/Field";
import { useRefusal } from "../ui/refusal";
import { AuthFrame } from "./AuthFrame";

interface FirstStep {
  /** The address of the attempt before, so that it need not be typed again. */
  email: string;
  note: ReactNode;
  /** Where one goes from here. */
  next: string;
  onDone: () => void;
  onAsked: (asked: Challenge, email: string) => void;
}

function PasswordStep({ email, note, next, onDone, onAsked }: FirstStep) {
  const t = useText();
  const options = useSignInOptions();
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
  const key = useSend(signInWith, { done: onDone });
  /** One that was chosen in the field of the address, and not accepted. */
  const [inField, setInField] = useState<unknown>(null);
  const passkey = usePasskeyFault(key.error ?? inField);
  usePasskeyInField(options?.passkeys === true && !enter.busy && !key.busy, onDone, setInField);
  return (
    <AuthFrame
      title={t.auth.signInTitle}
      note={note}
      submit={t.auth.signIn}
      busy={enter.busy || refusal.held}
      fault={isProblem(enter.error) && enter.error.status === 401 ? t.auth.wrong : refusal.told}
      onSubmit={(data) => {
        key.clear();
        setInField(null);
        enter.send({ email: String(data.get("email")), password: String(data.get("password")) });
      }}
      after={options && <Alternatives options={options} returnTo={next} passkey={{ busy: key.busy || passkey.held, told: passkey.told, start: () => {
        enter.clear();
        setInField(null);
        key.send({});
      } }} />}
      footer={options?.sign_up !== "closed" && <>{t.auth.noAccount} <Link to="/sign-up">{t.auth.signUp}</Link></>}
    >
      <TextField label={t.auth.email} name="email" type="email" autoComplete="username webauthn" required autoFocus={email === ""} defaultValue={email} />
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
    <PasswordStep email={email} note={told} next={next ?? "/boards"} onDone={arrive}
      onAsked={(challenge, address) => {
        setEmail(address);
        setOver(false);
        setAsked(challenge);
      }} />
  );
}
