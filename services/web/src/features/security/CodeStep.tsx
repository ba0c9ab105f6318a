/** The second step of signing in: a code, while the ticket of the first step lasts. */
import { secondFactor, type Challenge } from "../../api/identity";
import { isProblem } from "../../api/problem";
import { useText } from "../../i18n";
import { AuthFrame } from "../../pages/AuthFrame";
import { CodeField, OtherCode, useCodeForm } from "./code";

interface Props {
  challenge: Challenge;
  onDone: () => void;
  /** The ticket is used up or too old: it starts again with the password. */
  onOver: () => void;
  onBack: () => void;
}

export function CodeStep({ challenge, onDone, onOver, onBack }: Props) {
  const t = useText();
  const form = useCodeForm((code) => secondFactor({ ticket: challenge.ticket, code }), {
    done: onDone,
    failed: (error) => {
      if (isProblem(error) && error.status === 409) onOver();
    },
  });
  return (
    <AuthFrame
      title={t.security.code.title}
      intro={form.kind === "totp" ? t.security.code.text : t.security.code.recoveryText}
      submit={t.security.code.check}
      busy={form.busy}
      fault={form.told}
      onSubmit={form.submit}
      footer={<button type="button" className="text-button" onClick={onBack}>{t.security.code.back}</button>}
    >
      <CodeField form={form} />
      {challenge.methods.includes("recovery_code") && <p className="auth-aside"><OtherCode form={form} /></p>}
    </AuthFrame>
  );
}
