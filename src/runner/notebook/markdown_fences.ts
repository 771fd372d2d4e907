import { NotebookError } from "../runner_errors.ts";

/** A fenced code block of a Markdown document. */
export interface MarkdownFence {
  /** What stands after the opening marks. */
  readonly info: string;
  /** Index of the opening line. */
  readonly start: number;
  /** Index of the closing line. */
  readonly end: number;
  /** The lines between, without the indentation of the fence. */
  readonly lines: readonly string[];
}

interface Opening {
  readonly marks: string;
  readonly info: string;
  /** Column of the marks. */
  readonly column: number;
  /** Column at which the text of the innermost list item starts. */
  readonly base: number;
}

const FENCE = /^(`{3,}(?=[^`]*$)|~{3,})\s*(.*?)\s*$/;
const ITEM = /^(?:[-+*]|\d{1,9}[.)])(?=\s|$)/;
const RULE = /^(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;

/**
 * The fenced code blocks of a Markdown document in order, as CommonMark sees them: with backticks
 * or tildes, within list items, and with shorter fences inside. Fences in comments, in quotations
 * and in text indented by four are none.
 *
 * @throws {NotebookError} for a fence or comment that does not end, with its line
 */
export function markdownFences(
  lines: readonly string[],
  { name, from = 0 }: { readonly name: string; readonly from?: number },
): MarkdownFence[] {
  const fences: MarkdownFence[] = [];
  const bases: number[] = [];
  for (let i = from; i < lines.length; i++) {
    if (lines[i].trim() === "") continue;
    const opening = openingOf(lines[i], bases);
    if (opening === "comment") {
      const end = lines.findIndex((line, at) => at >= i && line.includes("-->"));
      if (end < 0) fail(name, i, 'comment "<!--" does not end. Close it with -->');
      i = end;
    } else if (opening !== undefined) {
      const end = closingOf(lines, i, { opening, name });
      const inner = lines.slice(i + 1, end).map((line) => dedent(line, opening.column));
      fences.push({ info: opening.info, start: i, end, lines: inner });
      i = end;
    }
  }
  return fences;
}

/** What a line opens; the list items that it opens or ends change `bases`. */
function openingOf(line: string, bases: number[]): Opening | "comment" | undefined {
  let { column, text } = indentation(line);
  while (bases.length > 0 && column < bases[bases.length - 1]) bases.pop();
  for (;;) {
    const base = bases[bases.length - 1] ?? 0;
    if (column - base > 3) return undefined;
    const fence = FENCE.exec(text);
    if (fence !== null) return { marks: fence[1], info: fence[2], column, base };
    if (text.startsWith("<!--")) return "comment";
    const item = RULE.test(text) ? null : ITEM.exec(text);
    if (item === null) return undefined;
    const rest = indentation(text.slice(item[0].length));
    const isBare = rest.text === "" || rest.column > 4;
    bases.push(column + item[0].length + (isBare ? 1 : rest.column));
    if (rest.text === "") return undefined;
    column += item[0].length + rest.column;
    text = rest.text;
  }
}

/** Index of the line that closes a fence. */
function closingOf(
  lines: readonly string[],
  start: number,
  { opening, name }: { readonly opening: Opening; readonly name: string },
): number {
  const { marks, base } = opening;
  for (let i = start + 1; i < lines.length; i++) {
    const { column, text } = indentation(lines[i]);
    if (text === "") continue;
    if (column < base) {
      fail(
        name,
        start,
        `fence ${marks} ends with its list item, on line ${i + 1}. Indent it alike`,
      );
    }
    const isClosing = column - base <= 3 && text.startsWith(marks) &&
      [...text.trimEnd()].every((mark) => mark === marks[0]);
    if (isClosing) return i;
  }
  return fail(name, start, `fence ${marks} does not end. Close it with ${marks} on its own line`);
}

function fail(name: string, index: number, reason: string): never {
  throw new NotebookError("not_a_notebook", `${name}:${index + 1}: the ${reason}`);
}

/** The column of the first letter, tabs reaching to the next multiple of four, and what follows. */
function indentation(line: string): { column: number; text: string } {
  let column = 0;
  let at = 0;
  for (; line[at] === " " || line[at] === "\t"; at++) {
    column = line[at] === " " ? column + 1 : (column - (column % 4)) + 4;
  }
  return { column, text: line.slice(at) };
}

/** A line without the indentation of its fence. */
function dedent(line: string, columns: number): string {
  let at = 0;
  for (let column = 0; column < columns && /[ \t]/.test(line[at] ?? ""); at++) {
    column += line[at] === " " ? 1 : 4 - (column % 4);
  }
  return line.slice(at);
}
