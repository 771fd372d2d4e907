import { compareText, excerpt, type PartDifference } from "./compare_text.ts";
import { type Markup, type MarkupToken, markupTokens } from "./markup_tokens.ts";
import { compareNumbers } from "./number_text.ts";
import type { NumberTolerance } from "./number_tolerance.ts";
import { renumberIds } from "./renumber_ids.ts";

/** How two documents are compared. */
export interface CompareMarkupOptions {
  /** What the difference is called. */
  readonly kind: "html" | "svg";
  /** For numbers in texts and in the attributes of drawings; undefined wants texts equal. */
  readonly tolerance: NumberTolerance | undefined;
}

/**
 * Compares HTML or SVG tag by tag: the order of attributes, comments, blanks that are not seen and
 * the made-up ids of drawings do not matter. Undefined when they are equal.
 */
export async function compareMarkup(
  stored: string,
  fresh: string,
  { kind, tolerance }: CompareMarkupOptions,
): Promise<PartDifference | undefined> {
  if (stored === fresh) return undefined;
  const was = await readMarkup(stored), is = await readMarkup(fresh);
  const found: string[] = [];
  let onlyNumbers = tolerance !== undefined;
  for (let i = 0; i < Math.max(was.tokens.length, is.tokens.length); i++) {
    const [a, b] = [was.tokens[i], is.tokens[i]];
    if (a?.kind !== b?.kind || a?.name !== b?.name) {
      found.push(structureMessage(was, is, i));
      onlyNumbers = false;
      break;
    }
    const difference = a.kind === "text"
      ? compareText(a.text, b.text, tolerance)
      : compareAttributes(a, b, tolerance);
    if (difference === undefined) continue;
    onlyNumbers &&= difference.kind === "number";
    found.push(`${placeOf(a)}: ${shortened(difference.message, a)}`);
  }
  if (found.length === 0) return undefined;
  const others = found.length > 1 ? `; ${found.length} places differ` : "";
  return {
    kind: onlyNumbers ? "number" : kind,
    message: `${found[0]}${others}`,
    stored: formatMarkup(was.tokens),
    fresh: formatMarkup(is.tokens),
  };
}

async function readMarkup(source: string): Promise<Markup> {
  const markup = await markupTokens(source);
  return { ...markup, tokens: renumberIds(markup.tokens) };
}

function compareAttributes(
  stored: MarkupToken,
  fresh: MarkupToken,
  tolerance: NumberTolerance | undefined,
): Pick<PartDifference, "kind" | "message"> | undefined {
  if (stored.attributes.length + fresh.attributes.length === 0) return undefined;
  const [was, is] = [new Map(stored.attributes), new Map(fresh.attributes)];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const [a, b] = [was.get(name), is.get(name)];
    if (a === b) continue;
    if (a === undefined || b === undefined) {
      const side = a === undefined ? "not stored" : "stored, and did not come";
      return { kind: "html", message: `attribute ${name} is ${side}` };
    }
    const numbers = stored.isSvg
      ? compareNumbers(a, b, { tolerance: tolerance ?? {}, svg: true })
      : undefined;
    if (numbers?.differing === 0) continue;
    return numbers === undefined
      ? { kind: "html", message: `attribute ${name}: stored ${excerpt(a)}, fresh ${excerpt(b)}` }
      : { kind: "number", message: `attribute ${name}, ${numbers.message}` };
  }
  return undefined;
}

/** In a cell of a table or a label there is one line, and mostly one number. */
function shortened(message: string, { text }: MarkupToken): string {
  return text.includes("\n") ? message : message.replace(/^(?:line|number) 1: /, "");
}

function placeOf(token: MarkupToken): string {
  return token.place() || (token.name === "" ? "text" : `<${token.name}>`);
}

function structureMessage(was: Markup, is: Markup, at: number): string {
  const table = was.tableRows.findIndex((rows, i) => rows !== (is.tableRows[i] ?? rows));
  if (table >= 0) {
    const which = was.tableRows.length > 1 ? ` ${table + 1}` : "";
    return `table${which}: stored ${was.tableRows[table]} rows, fresh ${is.tableRows[table]}`;
  }
  const token = was.tokens[at] ?? is.tokens[at];
  const place = token.place();
  const sides = `stored ${brief(was.tokens[at])}, fresh ${brief(is.tokens[at])}`;
  return place === "" ? sides : `${place}: ${sides}`;
}

function brief(token: MarkupToken | undefined): string {
  if (token === undefined) return "nothing";
  if (token.kind === "text") return excerpt(token.text);
  return `<${token.kind === "close" ? "/" : ""}${token.name}>`;
}

/** One line a tag, as it was compared. */
function formatMarkup(tokens: readonly MarkupToken[]): string {
  let [text, depth] = ["", 0];
  // Beyond it the indents would take more room than the document.
  const indent = () => `\n${" ".repeat(Math.min(depth, 20))}`;
  for (const [i, { kind, name, attributes, text: content }] of tokens.entries()) {
    if (kind === "text") text += content;
    else if (kind === "open") {
      const list = attributes.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`).join("");
      text += `${indent()}<${name}${list}>`;
      depth++;
    } else {
      depth--;
      text += `${tokens[i - 2]?.kind === "open" ? "" : indent()}</${name}>`;
    }
  }
  return text.trim();
}
