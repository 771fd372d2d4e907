import type { Html } from "./html_template.ts";

/** What a page is made of. */
export interface HtmlDocumentOptions {
  /** From where its pictures, styles and scripts may come, as a Content-Security-Policy writes it. */
  readonly allowed: {
    readonly images: string;
    readonly styles: string;
    readonly scripts: string;
  };
  /** Title, styles and whatever else stands in the head. */
  readonly head: Html;
  /** The body with its tags. */
  readonly body: Html;
}

/** A whole HTML document that opens from disk; what is not allowed by name is forbidden. */
export function htmlDocument({ allowed, head, body }: HtmlDocumentOptions): string {
  const policy = [
    "default-src 'none'",
    `img-src ${allowed.images}`,
    `style-src ${allowed.styles}`,
    `script-src ${allowed.scripts}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${head}
</head>
${body}
</html>
`;
}
