/** What a page shows while it has nothing else to show. */
import type { ReactNode } from "react";
import { isProblem } from "../api/problem";
import { useText, type Dictionary } from "../i18n";
import { Button } from "./Button";

/** A refusal in the reader's words. */
export function explain(error: unknown, t: Dictionary): string {
  if (!isProblem(error)) return t.error.other;
  const known: Record<string, string> = { ...t.error, id: "", title: "" } as unknown as Record<string, string>;
  const code = error.code === "internal" ? "other" : error.code;
  const said = typeof known[code] === "string" && known[code] !== "" ? known[code] : t.error.other;
  const fields = error.body.errors?.map((fault) => fault.message).join(" ");
  return fields ? `${said} ${fields}` : said;
}

export function Loading() {
  const t = useText();
  return <div className="loading" role="status"><span className="sr-only">{t.app.loading}</span><i /><i /><i /></div>;
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useText();
  const id = isProblem(error) ? error.body.request_id : undefined;
  return (
    <div className="empty" role="alert">
      <h2>{t.error.title}</h2>
      <p>{explain(error, t)}</p>
      {id && <p className="faint">{t.error.id(id)}</p>}
      {retry && <Button onClick={retry}>{t.action.retry}</Button>}
    </div>
  );
}

export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}
