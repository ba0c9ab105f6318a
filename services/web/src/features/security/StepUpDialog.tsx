/** "Confirm that it is you": a passkey, the password, or a code, whichever the person has. */
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { stepUp, type Method } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { useMe } from "../../api/session";
import { ways } from "../../domain/ways";
import { useText } from "../../i18n";
import { passkeysHere } from "../../state/passkey";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { PasswordField } from "../../ui/Field";
import { useRefusal } from "../../ui/refusal";
import { useSignOut } from "../workspace/signOut";
import { CodeField, useCodeForm, type CodeKind } from "./code";
import { OtherWays } from "./OtherWays";
import { proveWith, usePasskeyFault } from "./passkey";
import type { Question } from "./stepUp";

interface Props {
  question: Question;
}

interface WayProps extends Props {
  others: ReactNode;
}

interface FormProps {
  text: string;
  /** What its button says, where that is more than "Confirm". */
  submit?: string;
  busy: boolean;
  told: ReactNode | undefined;
  onSubmit: (data: FormData) => void;
  onCancel: () => void;
  children: ReactNode;
}

function Form({ text, submit, busy, told, onSubmit, onCancel, children }: FormProps) {
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  // Above another dialog, that one takes back what the field got on its own.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (!form.current?.contains(document.activeElement)) form.current?.querySelector<HTMLElement>("input:not([type=hidden]), [type=submit]")?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) onSubmit(new FormData(event.currentTarget));
  };
  return (
    <form ref={form} className="form" onSubmit={send}>
      <p>{text}</p>
      {children}
      {told && <p className="form-fault" role="alert">{told}</p>}
      <div className="form-end">
        <Button onClick={onCancel}>{t.action.cancel}</Button>
        <Button type="submit" look="primary" icon={submit ? "passkey" : undefined} busy={busy}>{submit ?? t.security.stepUp.confirm}</Button>
      </div>
    </form>
  );
}

function ByPassword({ question, others }: WayProps) {
  const t = useText();
  const me = useMe();
  const prove = useSend((password: string) => stepUp({ password }), { done: () => question.answer(true) });
  const wrong = isProblem(prove.error) && prove.error.status === 422;
  const refusal = useRefusal(wrong ? null : prove.error);
  return (
    <Form text={t.security.stepUp.password} busy={prove.busy || refusal.held} told={refusal.told} onCancel={() => question.answer(false)}
      onSubmit={(data) => prove.send(String(data.get("password")))}>
      <input type="hidden" name="email" value={me.email} autoComplete="username" />
      <PasswordField label={t.auth.password} name="password" autoComplete="current-password" required autoFocus fault={wrong ? t.security.stepUp.wrong : undefined} />
      {others}
    </Form>
  );
}

function ByCode({ question, others, kind }: WayProps & { kind: CodeKind }) {
  const t = useText();
  const form = useCodeForm((code) => stepUp({ code }), { done: () => question.answer(true) }, kind);
  return (
    <Form text={kind === "totp" ? t.security.stepUp.code : t.security.stepUp.recovery} busy={form.busy} told={form.told}
      onCancel={() => question.answer(false)} onSubmit={form.submit}>
      <CodeField form={form} />
      {others}
    </Form>
  );
}

function ByPasskey({ question, others }: WayProps) {
  const t = useText();
  const prove = useSend(proveWith, { done: () => question.answer(true) });
  const { told, held } = usePasskeyFault(prove.error);
  return (
    <Form text={t.passkeys.proofText} submit={t.passkeys.use} busy={prove.busy || held} told={told} onCancel={() => question.answer(false)} onSubmit={() => prove.send()}>
      {others}
    </Form>
  );
}

/** Nothing to prove it with here: who came by a provider alone proves it by coming again. */
function NoWay({ question }: Props) {
  const t = useText();
  const leave = useSignOut();
  const cancel = () => question.answer(false);
  const again = () => {
    cancel();
    void leave(location.pathname + location.search);
  };
  return (
    <div className="form">
      <p>{question.methods.length > 0 ? t.passkeys.impossible : t.passkeys.againText}</p>
      <div className="form-end">
        <Button onClick={cancel}>{t.action.cancel}</Button>
        <Button look="primary" autoFocus onClick={again}>{t.passkeys.again}</Button>
      </div>
    </div>
  );
}

export function StepUpDialog({ question }: Props) {
  const t = useText();
  const offered = ways(question.methods, passkeysHere());
  const [way, setWay] = useState<Method | undefined>(offered[0]);
  const shared = { question, others: way && <OtherWays offered={offered} present={way} onTurn={setWay} /> };
  return (
    <Dialog title={t.security.stepUp.title} onClose={() => question.answer(false)}>
      {way === undefined && <NoWay question={question} />}
      {way === "password" && <ByPassword {...shared} />}
      {way === "passkey" && <ByPasskey {...shared} />}
      {(way === "totp" || way === "recovery_code") && <ByCode key={way} kind={way} {...shared} />}
    </Dialog>
  );
}
