/** Labelled inputs with their help and their fault, tied together for screen readers. */
import { useId, useState, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes } from "react";
import { useText } from "../i18n";
import { IconButton } from "./Button";

interface FieldProps {
  label: string;
  help?: ReactNode;
  fault?: string | undefined;
}

function Frame({ id, label, help, fault, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="field" data-fault={fault ? true : undefined}>
      <label htmlFor={id}>{label}</label>
      {children}
      {help && !fault && <p id={`${id}-help`} className="field-help">{help}</p>}
      {fault && <p id={`${id}-help`} className="field-fault" role="alert">{fault}</p>}
    </div>
  );
}

type InputProps = FieldProps & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> | undefined };

export function TextField({ label, help, fault, className = "", ...rest }: InputProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} fault={fault}>
      <input id={id} className={`input ${className}`} aria-invalid={fault ? true : undefined} aria-describedby={help || fault ? `${id}-help` : undefined} {...rest} />
    </Frame>
  );
}

/** A password, which can be looked at while it is typed: a long one is easier to get right when it is seen. */
export function PasswordField({ label, help, fault, ...rest }: Omit<InputProps, "type" | "className">) {
  const t = useText();
  const id = useId();
  const [shown, show] = useState(false);
  return (
    <Frame id={id} label={label} help={help} fault={fault}>
      <div className="input-with">
        <input id={id} className="input" type={shown ? "text" : "password"} autoCapitalize="none" autoCorrect="off" spellCheck={false}
          aria-invalid={fault ? true : undefined} aria-describedby={help || fault ? `${id}-help` : undefined} {...rest} />
        <IconButton icon={shown ? "hide" : "show"} label={shown ? t.security.password.hide : t.security.password.show} onClick={() => show(!shown)} />
      </div>
    </Frame>
  );
}

export function SelectField({ label, help, fault, children, ...rest }: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} fault={fault}>
      <select id={id} className="input select-native" aria-describedby={help || fault ? `${id}-help` : undefined} {...rest}>
        {children}
      </select>
    </Frame>
  );
}
