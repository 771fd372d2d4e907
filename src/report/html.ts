import {
  Html,
  type HtmlPart,
  type HtmlTemplate,
  htmlTemplate,
} from "../_internal/html_template.ts";

export { Html, type HtmlPart } from "../_internal/html_template.ts";

/** A template for texts with hidden characters visible. */
export const markup: HtmlTemplate = htmlTemplate(visible);

// Controls but \t and \n; soft hyphen, zero width, what turns the direction of a text, line and
// paragraph separator, tags: with them a name can look like another one.
const HIDDEN =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\u{e0000}-\u{e007f}]/gu;

/** A text as a person should see it: hidden characters by their number, no lone surrogates. */
export function visible(text: string): string {
  return text.toWellFormed().replace(
    HIDDEN,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/**
 * Markup that a browser with a script keeps as a text until the page's script asks for it, and one
 * without shows at once: a thousand hidden panels then cost nothing. Not to be nested.
 */
export function inert(content: Html): Html {
  return markup`<noscript>${content}</noscript>`;
}

/**
 * A value as a block of JSON that a page's script reads. Nothing in it can end the element or begin a
 * comment, and no line separator stands in it.
 */
export function jsonBlock(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return markup`<script type="application/json" id="${id}">${new Html(json)}</script>`;
}

/**
 * The address of a file from a page, `levels` folders above it: each part is encoded, so that no name
 * becomes a scheme, a query or a fragment. Undefined for a path that climbs.
 */
export function fileLink(path: string, levels: number): string | undefined {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return undefined;
  // "./" keeps "javascript:" at the beginning from being a scheme.
  const start = levels === 0 ? "./" : "../".repeat(levels);
  return start + encodePath(parts);
}

/** Parts of a path as an address, in which none of them can mean anything. */
export function encodePath(parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join("/");
}

/** A link to a file of the run, or its name alone where the path climbs. */
export function linkTo(path: string, text: HtmlPart): Html {
  const href = fileLink(path, 1);
  return href === undefined ? markup`${text}` : markup`<a href="${href}">${text}</a>`;
}
