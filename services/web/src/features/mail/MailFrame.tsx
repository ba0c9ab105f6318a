/**
 * A mail in a sandbox: no script runs in it, no form is sent from it. The frame inherits the app's content
 * security policy, which forbids styles in markup. So they are taken out of the markup before it is shown,
 * and given back through the object model once it is.
 */
import { useMemo, useRef } from "react";

const KEPT = "data-mail-style";

/**
 * The markup without styles, and the style sheets it held. They are cut out of the text: a parser would
 * report each of them as a breach of the policy, even where nothing is shown.
 */
export function undress(html: string): { html: string; sheets: string[] } {
  const sheets: string[] = [];
  const bare = html
    .replace(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, css: string) => {
      sheets.push(css);
      return "";
    })
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ` ${KEPT}=`));
  const parsed = new DOMParser().parseFromString(bare, "text/html");
  for (const active of parsed.querySelectorAll("script, link, meta[http-equiv], base")) active.remove();
  for (const link of parsed.querySelectorAll("a[href]")) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  }
  return { html: `<!doctype html>${parsed.documentElement.outerHTML}`, sheets };
}

function dress(document: Document, sheets: readonly string[]): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[${KEPT}]`)) {
    element.style.cssText = element.getAttribute(KEPT) ?? "";
  }
  const view = document.defaultView;
  if (!view) return;
  document.adoptedStyleSheets = sheets.map((css) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
}

export function MailFrame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const mail = useMemo(() => undress(html), [html]);
  const onLoad = () => {
    const document = frame.current?.contentDocument;
    if (!frame.current || !document) return;
    dress(document, mail.sheets);
    frame.current.style.height = `${document.documentElement.scrollHeight}px`;
  };
  // Same origin lets this page reach in; without allow-scripts nothing in the mail can reach out.
  return (
    <iframe ref={frame} className="mail-frame" title={title} srcDoc={mail.html} onLoad={onLoad}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerPolicy="no-referrer" />
  );
}
