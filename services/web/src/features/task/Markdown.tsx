/**
 * Markdown as HTML. micromark escapes any HTML in the source and drops dangerous addresses by itself; what
 * it returns holds only elements it made. Images are turned into links: a description must not make every
 * reader's browser call a stranger's server.
 */
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { useMemo } from "react";

export function render(source: string): string {
  return micromark(source, { extensions: [gfm()], htmlExtensions: [gfmHtml()] })
    .replace(/<img src="([^"]*)" alt="([^"]*)"[^>]*>/g, (_, src: string, alt: string) => (src === "" ? alt : `<a href="${src}">${alt || src}</a>`))
    // A checkbox nobody can tick is a mark, not a control.
    .replace(/<input type="checkbox"([^>]*)>/g, (_, rest: string) => `<span class="box">${rest.includes("checked") ? "☑" : "☐"}</span>`)
    .replace(/<a href="(https?:|mailto:)/g, '<a target="_blank" rel="noopener noreferrer" href="$1')
    // Several descriptions and comments share one page: footnote ids would clash, headings would break the outline.
    .replace(/<(\/?)h([1-6])/g, (_, slash: string, level: string) => `<${slash}h${Math.min(6, Number(level) + 3)}`);
}

export function Markdown({ source }: { source: string }) {
  const html = useMemo(() => render(source), [source]);
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
}
