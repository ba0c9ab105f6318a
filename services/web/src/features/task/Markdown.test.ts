import { describe, expect, it } from "vitest";
import { render } from "./Markdown";

describe("Markdown", () => {
  it("makes what people use", () => {
    expect(render("**bold** and `code`")).toBe("<p><strong>bold</strong> and <code>code</code></p>");
    expect(render("- [x] done\n- [ ] open").match(/[☑☐]/g)).toEqual(["☑", "☐"]);
    expect(render("| a |\n| - |\n| b |")).toContain("<table>");
  });

  it("keeps the page's outline: headings start below the task's own", () => {
    expect(render("# One\n## Two")).toBe("<h4>One</h4>\n<h5>Two</h5>");
  });

  it("opens links elsewhere and tells nothing about where from", () => {
    expect(render("[x](https://example.com)")).toBe('<p><a target="_blank" rel="noopener noreferrer" href="https://example.com">x</a></p>');
  });

  it.each([
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](data:text/html,<script>1</script>)",
    "![x](javascript:alert(1))", '<a href="https://x" onclick="alert(1)">x</a>', "[x](vbscript:1)", "<javascript:alert(1)>", '[x](https://a "onmouseover=alert(1)")',
    "<style>*{display:none}</style>", "<svg onload=alert(1)>", '![a" onerror="alert(1)](https://x/y.png)', "<iframe srcdoc='<script>1</script>'>",
  ])("lets nothing through that acts: %s", (source) => {
    const html = render(source);
    const tags = html.match(/<[^>]*>/g) ?? [];
    expect(tags.join("")).not.toMatch(/<(script|style|iframe|svg|img|object|embed)/i);
    expect(tags.map((tag) => tag.replace(/"[^"]*"/g, '""')).join("")).not.toMatch(/\son\w+=|style=/i);
    expect(html).not.toMatch(/href="(javascript|data|vbscript):/i);
  });

  it("makes links of images: no stranger's server is called", () => {
    expect(render("![chart](https://example.com/c.png)")).toContain('href="https://example.com/c.png">chart</a>');
    expect(render("![](https://example.com/c.png)")).not.toContain("<img");
  });
});
