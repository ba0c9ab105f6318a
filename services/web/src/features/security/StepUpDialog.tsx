/** "Confirm that it is you": the password, or a code where two-step sign-in is on. */
import { useEffect, useRef, type FormEvent, type ReactNode } from "react";
import { stepUp } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { useMe } from "../../api/session";
import { useText } from "../../i18n";
import { useSend } from "../../state/send";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { PasswordField } from "../../ui/Field";
import { useRefusal } from "../../ui/refusal";
import { CodeField, OtherCode, useCodeForm } from "./code";
import type { Question } from "./stepUp";

interface Props {
  question: Question;
}

interface FormProps {
  text: string;
  busy: boolean;
  told: ReactNode | undefined;
  onSubmit: (data: FormData) => void;
  onCancel: () => void;
  children: ReactNode;
}

function Form({ text, busy, told, onSubmit, onCancel, children }: FormProps) {
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  // Above another dialog, that one takes back what the field got on its own.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (!form.current?.contains(document.activeElement)) form.current?.querySelector<HTMLInputElement>("input:not([type=hidden])")?.focus();
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
        <Button type="submit" look="primary" busy={busy}>{t.security.stepUp.confirm}</Button>
      </div>
    </form>
  );
}

function ByPassword({ question }: Props) {
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
    </Form>
  );
}

function ByCode({ question }: Props) {
  const t = useText();
  const form = useCodeForm((code) => stepUp({ code }), { done: () => question.answer(true) }, question.methods.includes("totp") ? "totp" : "recovery_code");
  return (
    <Form text={form.kind === "totp" ? t.security.stepUp.code : t.security.stepUp.recovery} busy={form.busy} told={form.told}
      onCancel={() => question.answer(false)} onSubmit={form.submit}>
      <CodeField form={form} />
      {question.methods.includes("totp") && question.methods.includes("recovery_code") && <div><OtherCode form={form} /></div>}
    </Form>
  );
}

export function StepUpDialog({ question }: Props) {
  const t = useText();
  return (
    <Dialog title={t.security.stepUp.title} onClose={() => question.answer(false)}>
      {question.methods.includes("password") ? <ByPassword question={question} /> : <ByCode question={question} />}
    </Dialog>
  );
}
