/** The page around signing in, signing up, joining and the links of mails: what Onus is on one side, the form on the other. */
import { useEffect, useRef, type FormEvent, type ReactNode } from "react";
import { setLanguage, useLanguage, useText } from "../i18n";
import { Button } from "../ui/Button";
import { Mark, type IconName } from "../ui/Icon";
import { useTitle } from "../ui/useTitle";

interface Props {
  title: string;
  intro?: ReactNode;
  /** What brought the reader here, such as a password just changed. */
  note?: ReactNode;
  submit: string;
  submitIcon?: IconName;
  /** Where there is no field to begin with. */
  focusSubmit?: boolean;
  busy: boolean;
  fault?: ReactNode;
  onSubmit: (data: FormData) => void;
  children?: ReactNode;
  /** Other ways to the same end. */
  after?: ReactNode;
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

function AuthPage({ children }: { children: ReactNode }) {
  return (
    <div className="auth">
      <Pitch />
      <main className="auth-main">
        {children}
        <LanguageSwitch />
      </main>
    </div>
  );
}

export function AuthFrame({ title, intro, note, submit, submitIcon, focusSubmit = false, busy, fault, onSubmit, children, after, footer }: Props) {
  useTitle(title);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) onSubmit(new FormData(event.currentTarget));
  };
  return (
    <AuthPage>
      <form onSubmit={send} className="auth-form">
        <h1>{title}</h1>
        {note}
        {intro && <p className="auth-intro">{intro}</p>}
        {children}
        {fault && <p className="form-fault" role="alert">{fault}</p>}
        <Button type="submit" look="primary" icon={submitIcon} busy={busy} autoFocus={focusSubmit} className="button-wide">{submit}</Button>
        {after}
        {footer && <p className="auth-footer">{footer}</p>}
      </form>
    </AuthPage>
  );
}

/** In place of a form: how something ended, and where to go from there. Reading starts at its heading. */
export function AuthNotice({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <AuthPage>
      <div className="auth-form">
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        {children}
      </div>
    </AuthPage>
  );
}
