import { describeOff, isClose, type NumberTolerance } from "./number_tolerance.ts";

/** Two texts that may differ in their numbers. */
export interface NumberComparison {
  /** How many numbers are further off than the tolerance. */
  readonly differing: number;
  /** How many numbers each text has. */
  readonly count: number;
  /** The first that differs, in words; undefined where none does. */
  readonly message?: string;
  /** The largest absolute difference of two finite numbers, also of those that are near enough. */
  readonly largest: number;
}

// A sign counts only where no other number or word ends, so that 3-2 is two numbers and e-5 none.
const IN_TEXT =
  /(?:[+-]|(?<![\w.]))(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?:[+-]|(?<![\w.]))(?:nan|inf(?:inity)?)(?!\w)/gi;
/** In paths numbers stand next to letters: M10-5L.5.5. Colours and references are not numbers. */
const IN_SVG = /#[^\s"'()#,;]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/g;

/**
 * Compares the numbers of two texts one by one. Undefined when the texts around the numbers differ.
 * Blanks may differ where a number takes more or fewer characters, because they pad columns; in SVG
 * blanks and commas only part the numbers.
 */
export function compareNumbers(
  stored: string,
  fresh: string,
  { tolerance, svg = false }: { readonly tolerance: NumberTolerance; readonly svg?: boolean },
): NumberComparison | undefined {
  const pattern = svg ? IN_SVG : IN_TEXT;
  const left = pieces(stored, pattern), right = pieces(fresh, pattern);
  let [count, differing, largest] = [0, 0, 0];
  let message: string | undefined;
  let padding = { changed: false, explained: false };
  for (;;) {
    const a = left(), b = right();
    if (a.before !== b.before) {
      const blanks = svg ? /[\s,]+/g : /[ \t]+/g;
      if (squeezed(a.before, blanks) !== squeezed(b.before, blanks)) return undefined;
      padding = { ...padding, changed: !svg };
    }
    if (a.number === undefined || b.number === undefined) {
      if (a.number !== b.number || (padding.changed && !padding.explained)) return undefined;
      return { differing, count, largest, ...(message === undefined ? {} : { message }) };
    }
    count++;
    if (a.number === b.number) continue;
    if (a.number.length !== b.number.length) padding = { ...padding, explained: true };
    const [was, is] = [toNumber(a.number), toNumber(b.number)];
    const off = Math.abs(is - was);
    if (Number.isFinite(off)) largest = Math.max(largest, off);
    if (isClose(was, is, tolerance)) continue;
    differing++;
    message ??= `number ${count}${lineOf(stored, a.at)}: stored ${a.number}, fresh ${b.number} ` +
      `(${describeOff(was, is)})`;
  }
}

interface Piece {
  /** The text since the last number. */
  readonly before: string;
  /** The number as written; undefined at the end. */
  readonly number: string | undefined;
  /** Where the number begins. */
  readonly at: number;
}

/** The text in pieces, one a call: a list of them would take many times the text's memory. */
function pieces(text: string, pattern: RegExp): () => Piece {
  const search = new RegExp(pattern);
  let end = 0;
  return () => {
    let match = search.exec(text);
    while (match !== null && match[0].startsWith("#")) match = search.exec(text);
    const at = match?.index ?? text.length;
    const before = text.slice(end, at);
    end = match === null ? text.length : search.lastIndex;
    return { before, number: match?.[0], at };
  };
}

function squeezed(text: string, blanks: RegExp): string {
  return text.replace(blanks, " ").replace(/^ | $/g, "");
}

function toNumber(text: string): number {
  const word = /([+-]?)(nan|inf)/i.exec(text);
  if (word === null) return Number(text);
  return word[2].toLowerCase() === "nan" ? NaN : word[1] === "-" ? -Infinity : Infinity;
}

function lineOf(text: string, at: number): string {
  if (!text.trimEnd().includes("\n")) return "";
  let line = 1;
  for (let end = text.indexOf("\n"); end >= 0 && end < at; end = text.indexOf("\n", end + 1)) {
    line++;
  }
  return ` in line ${line}`;
}
