/** The page around signing in, signing up and joining: what Onus is on one side, the form on the other. */
import type { FormEvent, ReactNode } from "react";
import { setLanguage, useLanguage, useText } from "../i18n";
import { Button } from "../ui/Button";
import { Mark } from "../ui/Icon";
import { useTitle } from "../ui/useTitle";

interface Props {
  title: string;
  intro?: ReactNode;
  submit: string;
  busy: boolean;
  fault?: string | undefined;
  onSubmit: (data: FormData) => void;
  children: ReactNode;
  footer?: ReactNode;
}

function Pitch() {
  const t = useText();
  const points = [
    [t.auth.pitch1, t.auth.pitch1Text],
    [t.auth.pitch2, t.auth.pitch2Text],
    [t.auth.pitch3, t.auth.pitch3Text],
  ] as const;
  return (
    <aside className="pitch">
      <div className="pitch-brand"><Mark size={32} /> <strong>{t.app.name}</strong></div>
      <p className="pitch-claim">{t.app.claim}</p>
      <ul>
        {points.map(([title, text]) => (
          <li key={title}>
            <strong>{title}</strong>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}

export function LanguageSwitch() {
  const language = useLanguage();
  return (
    <div className="language-switch">
      <button type="button" lang="en" aria-pressed={language === "en"} onClick={() => setLanguage("en")}>English</button>
      <button type="button" lang="ko" aria-pressed={language === "ko"} onClick={() => setLanguage("ko")}>한국어</button>
    </div>
  );
}

export function AuthFrame({ title, intro, submit, busy, fault, onSubmit, children, footer }: Props) {
  useTitle(title);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) onSubmit(new FormData(event.currentTarget));
  };
  return (
    <div className="auth">
      <Pitch />
      <main className="auth-main">
        <form onSubmit={send} className="auth-form">
          <h1>{title}</h1>
          {intro && <p className="auth-intro">{intro}</p>}
          {children}
          {fault && <p className="form-fault" role="alert">{fault}</p>}
          <Button type="submit" look="primary" busy={busy} className="button-wide">{submit}</Button>
          {footer && <p className="auth-footer">{footer}</p>}
        </form>
        <LanguageSwitch />
      </main>
    </div>
  );
}
