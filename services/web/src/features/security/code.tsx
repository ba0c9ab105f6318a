/**
 * Entering a code: the six digits of the app, which send themselves once they are all there, or a recovery
 * code. A wrong one leaves an empty field with the focus in it. Another kind is another form.
 */
import { useRef, useState, type ReactNode, type RefObject } from "react";
import { isProblem } from "../../api/problem";
import { CODE_LENGTH, digits, recoveryCode } from "../../domain/code";
import { useText } from "../../i18n";
import { useSend } from "../../state/send";
import { TextField } from "../../ui/Field";
import { useRefusal } from "../../ui/refusal";
import { isDeclined } from "./stepUp";

export type CodeKind = "totp" | "recovery_code";

interface CodeForm {
  kind: CodeKind;
  value: string;
  field: RefObject<HTMLInputElement | null>;
  busy: boolean;
  /** What is wrong with the code; for the field. */
  wrong: string | undefined;
  /** Any other refusal; for the form around it. */
  told: ReactNode | undefined;
  type: (typed: string) => void;
  submit: () => void;
}

/** The services answer a wrong code with 401 while signing in, and with 422 afterwards. */
const isWrong = (error: unknown): boolean => isProblem(error) && (error.status === 401 || error.status === 422);

export function useCodeForm<T>(
  check: (code: string) => Promise<T>,
  then: { done?: (answer: T) => void; failed?: (error: unknown) => void } = {},
  kind: CodeKind = "totp",
): CodeForm {
  const t = useText();
  const [value, setValue] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const sending = useSend(check, {
    ...then,
    failed: (error) => {
      setValue("");
      field.current?.focus();
      then.failed?.(error);
    },
  });
  const refusal = useRefusal(isWrong(sending.error) || isDeclined(sending.error) ? null : sending.error);
  const send = (code: string) => {
    if (code !== "" && !refusal.held) sending.send(code);
  };
  const words = { totp: t.security.code.wrong, recovery_code: t.security.code.recoveryWrong };
  return {
    kind,
    value,
    field,
    busy: sending.busy || refusal.held,
    wrong: isWrong(sending.error) ? words[kind] : undefined,
    told: refusal.told,
    type: (typed) => {
      const next = kind === "totp" ? digits(typed) : typed;
      setValue(next);
      if (kind === "totp" && next.length === CODE_LENGTH && next !== value) send(next);
    },
    submit: () => send(kind === "totp" ? value : recoveryCode(value)),
  };
}

export function CodeField({ form, label, focus = true }: { form: CodeForm; label?: string; focus?: boolean }) {
  const t = useText();
  const shared = { value: form.value, ref: form.field, required: true, autoFocus: focus, spellCheck: false, fault: form.wrong, className: "code-input" };
  return form.kind === "totp" ? (
    <TextField {...shared} label={label ?? t.security.code.label} help={t.security.code.help} name="code" inputMode="numeric" autoComplete="one-time-code"
      minLength={CODE_LENGTH} onChange={(event) => form.type(event.target.value)} />
  ) : (
    <TextField {...shared} label={t.security.code.recoveryLabel} help={t.security.code.recoveryHelp} name="recovery_code" autoComplete="off"
      autoCapitalize="characters" maxLength={40} onChange={(event) => form.type(event.target.value)} />
  );
}
