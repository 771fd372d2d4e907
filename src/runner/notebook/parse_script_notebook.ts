import { checkOptions } from "../../_internal/check_options.ts";
import { NotebookError } from "../runner_errors.ts";
import { readCellOptions } from "./cell_options.ts";
import type { Notebook } from "./nbformat.ts";
import type { ParseNotebookOptions } from "./parse_notebook.ts";
import { readTextHeader, type TextHeader } from "./text_header.ts";
import { headerLanguage, kernelspecOf, type TextLanguage } from "./text_language.ts";
import { textNotebook, type TextPart, textPart } from "./text_notebook.ts";

/**
 * Parses a script in percent format as a notebook: each `# %%` (Python) or `// %%` (TypeScript and
 * JavaScript) at the start of a line begins a cell, with a title, `[markdown]` or `[raw]`, and
 * options such as `tags=["parameters"]` after it. What stands before the first mark is a cell too.
 * A commented YAML header, as jupytext writes it, may name another kernel; with one, commented
 * magics such as `# %timeit` are magics again. {@linkcode sourceLine} tells the lines of the cells.
 *
 * @param options `name` decides the language by its ending; without a known one the first mark does
 * @throws {NotebookError} for a script without any mark, or a broken header or option
 * @throws {TypeError} for unknown options
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseScriptNotebook } from "@qsight/qsight/runner";
 *
 * const { cells } = await parseScriptNotebook("# %% [markdown]\n# Sums\n# %%\n1 + 1\n");
 * assert.deepEqual(cells.map((cell) => cell.source), ["Sums", "1 + 1"]);
 * ```
 */
export async function parseScriptNotebook(
  text: string,
  options: ParseNotebookOptions = {},
): Promise<Notebook> {
  checkOptions("parseScriptNotebook", options, ["name"]);
  const { name = "script" } = options;
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const language = scriptLanguage(lines, name);
  const comment = language === "python" ? "#" : "//";
  const isMark = (line: string) =>
    line.startsWith(comment) &&
    /^\s*%%+(?:\s|$)/.test(line.slice(comment.length));
  const marks = lines.flatMap((line, index) => isMark(line) ? [index] : []);
  if (marks.length === 0) {
    throw new NotebookError(
      "not_a_notebook",
      `${name} has no cells: found no line that starts with ${comment} %%. ` +
        "Put one before each part that should be a cell",
    );
  }
  const { header, start } = await scriptHeader(lines, { comment, name, end: marks[0] });
  const hasMagics = language === "python" && header.length > 0;
  const restore = (part: TextPart) => hasMagics && part.kind === "code" ? withMagics(part) : part;
  const parts = textPart("code", { lines: lines.slice(start, marks[0]), line: start + 1 });
  for (const [index, mark] of marks.entries()) {
    const inner = lines.slice(mark + 1, marks[index + 1]);
    parts.push(...await readCell(inner, { mark, title: lines[mark], comment, name }));
  }
  const metadata = headerLanguage(header.metadata) === undefined
    ? { ...header.metadata, kernelspec: kernelspecOf(language) }
    : header.metadata;
  return textNotebook(parts.map(restore), { name, metadata });
}

function scriptLanguage(lines: readonly string[], name: string): TextLanguage {
  if (/\.py$/i.test(name)) return "python";
  if (/\.(?:ts|mts|js)$/i.test(name)) return "typescript";
  const first = lines.find((line) => /^(?:#|\/\/)\s*%%/.test(line));
  return first?.startsWith("//") ? "typescript" : "python";
}

/** The commented header, if there is one, and the line after it; lines for the shell go before. */
async function scriptHeader(
  lines: readonly string[],
  { comment, name, end }: { readonly comment: string; readonly name: string; readonly end: number },
): Promise<{ readonly header: TextHeader; readonly start: number }> {
  const first = lines.findIndex((line) => !/^#(?:!|.*coding[:=])/.test(line));
  const top: string[] = [];
  for (const line of lines.slice(first, end)) {
    if (!line.startsWith(comment)) break;
    top.push(line.slice(comment.length).replace(/^ /, ""));
  }
  const header = await readTextHeader(top, { name, line: first + 1 });
  return { header, start: first + header.length };
}

async function readCell(
  lines: readonly string[],
  { mark, title, comment, name }: {
    readonly mark: number;
    readonly title: string;
    readonly comment: string;
    readonly name: string;
  },
): Promise<TextPart[]> {
  const line = mark + 2;
  const rest = title.slice(comment.length).replace(/^\s*%%+/, "");
  const { words, metadata } = await readCellOptions(rest, { name, line: line - 1 });
  const type = /(?:^|\s)\[(markdown|md|raw)\](?=\s|$)/.exec(words);
  const spoken = words.replace(type?.[0] ?? "", "").trim();
  const all = spoken === "" ? metadata : { title: spoken, ...metadata };
  if (type === null) return textPart("code", { lines, line, metadata: all });
  const kind = type[1] === "raw" ? "raw" : "markdown";
  return textPart(kind, { ...uncommented(lines, comment), line, metadata: all });
}

/** Text stands in comments, or in Python in one long string. */
function uncommented(lines: readonly string[], comment: string): { readonly lines: string[] } {
  const text = lines.join("\n").trim();
  const quoted = /^[rR]?("""|''')([^]*)\1$/.exec(text);
  if (comment === "#" && quoted !== null) return { lines: quoted[2].split("\n") };
  return {
    lines: lines.map((line) =>
      line.startsWith(comment) ? line.slice(comment.length).replace(/^ /, "") : line
    ),
  };
}

/** jupytext comments out the lines that only IPython understands. */
function withMagics(part: TextPart): TextPart {
  return { ...part, source: part.source.replace(/^# ?(?=%{1,2}[A-Za-z]|![A-Za-z])/gm, "") };
}
