import { stripAnsi } from "../runner_errors.ts";
import { visibleText } from "./difference_visible.ts";

/** Markup that may stand in a page as it is: what {@linkcode markup} made, or a constant. */
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
export function markup(template: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return new Html(template.map((text, i) => (i === 0 ? "" : render(parts[i - 1])) + text).join(""));
}

function render(part: HtmlPart): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.toString();
  if (typeof part === "object") return part.map(render).join("");
  return escapeText(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Safe between tags and within quotes; without colours of a terminal, hidden characters visible. */
function escapeText(text: string): string {
  return visibleText(stripAnsi(text)).replace(/[&<>"'`]/g, (character) => ENTITIES[character]);
}
