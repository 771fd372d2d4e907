import { escapeMarkup } from "./escape_markup.ts";

/** Markup that may stand in a page as it is: what a template made, or a constant. */
export class Html {
  readonly #markup: string;

  /** Of markup that is known to be safe. */
  constructor(markup: string) {
    this.#markup = markup;
  }

  /** The markup. */
  toString(): string {
    return this.#markup;
  }
}

/** What a template may hold: markup as it is, texts and numbers escaped, nothing for undefined. */
export type HtmlPart = Html | string | number | undefined | readonly HtmlPart[];

/** A template whose strings are escaped, so that forgetting to escape is not possible. */
export type HtmlTemplate = (template: TemplateStringsArray, ...parts: HtmlPart[]) => Html;

/**
 * A template for a page.
 *
 * @param visible turns a text into the one that a person should see; it is escaped after that
 */
export function htmlTemplate(visible: (text: string) => string): HtmlTemplate {
  const render = (part: HtmlPart): string => {
    if (part === undefined) return "";
    if (part instanceof Html) return part.toString();
    if (typeof part === "object") return part.map(render).join("");
    return escapeMarkup(visible(String(part)));
  };
  return (template, ...parts) =>
    new Html(template.map((text, i) => (i === 0 ? "" : render(parts[i - 1])) + text).join(""));
}
