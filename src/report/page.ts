import { cspDigest } from "../_internal/csp_digest.ts";
import { htmlDocument } from "../_internal/html_document.ts";
import { Html, type HtmlPart, markup } from "./html.ts";
import { FIRST_SCRIPT, PAGE_SCRIPT } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { shadeStyle } from "./shades.ts";
import { TABLE_SCRIPT } from "./table_script.ts";

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  /** Under the title. */
  readonly subtitle: HtmlPart;
  /** Id and name of each section, for the contents. */
  readonly contents: readonly (readonly [id: string, name: string])[];
  readonly sections: readonly Html[];
}

/**
 * A whole HTML document that opens from disk: no network, no style or script but its own, which are
 * named by their digests, so that nothing in the data can run.
 */
export function page({ title, subtitle, contents, sections }: PageParts): string {
  const style = `${PAGE_STYLE}${shadeStyle()}\n`;
  const script = `(() => {\n"use strict";\n${PAGE_SCRIPT}${TABLE_SCRIPT}})();\n`;
  return htmlDocument({
    // Pictures may come from the page and from files beside it, and nothing else from anywhere.
    allowed: {
      images: "data: 'self' file:",
      styles: cspDigest(style),
      scripts: `${cspDigest(FIRST_SCRIPT)} ${cspDigest(script)}`,
    },
    head: markup`<meta name="generator" content="QSight">
<title>${title}</title>
<style>${new Html(style)}</style>
<script>${new Html(FIRST_SCRIPT)}</script>`,
    body: markup`<body>
<a class="skip" href="#main">To the content</a>
<header><h1>${title}</h1>
${subtitle}
<nav aria-label="Contents"><ul>${
      contents.map(([id, name]) =>
        markup`<li><a href="#${id}">${name}</a></li>
`
      )
    }</ul></nav></header>
<main id="main" tabindex="-1">
<noscript><p class="note">Without a script every panel is shown, and tables show their first rows.</p></noscript>
${sections}
</main>
<script>${new Html(script)}</script>
</body>`,
  });
}
