/** Labelled inputs with their help and their fault, tied together for screen readers. */
import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from "react";

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

export function TextField({ label, help, fault, ...rest }: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} fault={fault}>
      <input id={id} className="input" aria-invalid={fault ? true : undefined} aria-describedby={help || fault ? `${id}-help` : undefined} {...rest} />
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
