import { checkOptions } from "../../_internal/check_options.ts";
import { NotebookError } from "../runner_errors.ts";
import { readCellOptions } from "./cell_options.ts";
import { type MarkdownFence, markdownFences } from "./markdown_fences.ts";
import type { Notebook } from "./nbformat.ts";
import type { ParseNotebookOptions } from "./parse_notebook.ts";
import { readNotebookYaml, readTextHeader } from "./text_header.ts";
import { headerLanguage, isTextLanguage, kernelspecOf, languageNamed } from "./text_language.ts";
import { textNotebook, type TextPart, textPart } from "./text_notebook.ts";

/** A fence that may become a cell. */
interface CodeFence extends MarkdownFence {
  readonly language: string;
  /** The line of the file on which its code begins. */
  readonly line: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Parses a Markdown document as a notebook: fenced code blocks in TypeScript or JavaScript (kernel
 * deno) or in Python (kernel python3) are its code cells, and all else is Markdown. A fence marked
 * `ignore`, `no_run` or `noeval` is not executed. A YAML header with a kernelspec, as jupytext and
 * MyST write it, chooses kernel and language; where there are `{code-cell}` blocks, only they are
 * code. {@linkcode sourceLine} tells where each cell stands in the document.
 *
 * @throws {NotebookError} for a fence that does not end, a broken header, or code in two languages
 * without a header that chooses; the message names the line
 * @throws {TypeError} for unknown options
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMarkdownNotebook } from "@qsight/qsight/runner";
 *
 * const { cells } = await parseMarkdownNotebook("# Sums\n\n~~~ts\n1 + 1\n~~~\n");
 * assert.deepEqual(cells.map((cell) => cell.cell_type), ["markdown", "code"]);
 * ```
 */
export async function parseMarkdownNotebook(
  text: string,
  options: ParseNotebookOptions = {},
): Promise<Notebook> {
  checkOptions("parseMarkdownNotebook", options, ["name"]);
  const { name = "document" } = options;
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const header = await readTextHeader(lines, { name });
  const asked = headerLanguage(header.metadata);
  const fences = markdownFences(lines, { name, from: header.length });
  const blocks = fences.filter(({ info }) => /^\{code-cell\}/.test(info));
  const read = blocks.length > 0
    ? await Promise.all(blocks.map((fence) => readBlock(fence, { name, asked })))
    : await Promise.all(fences.map((fence) => readFence(fence, name)));
  const code = read.filter(({ language }) =>
    asked === undefined ? isTextLanguage(language) : language === asked
  );
  const metadata = withKernel(header.metadata, { asked, code, name });
  const parts: TextPart[] = [];
  if (header.saysMore) {
    parts.push(...textPart("raw", { lines: lines.slice(0, header.length), line: 1 }));
  }
  let prose = header.length;
  for (const fence of code) {
    parts.push(
      ...textPart("markdown", { lines: lines.slice(prose, fence.start), line: prose + 1 }),
      ...textPart("code", fence),
    );
    prose = fence.end + 1;
  }
  parts.push(...textPart("markdown", { lines: lines.slice(prose), line: prose + 1 }));
  return textNotebook(parts, { name, metadata });
}

/** The kernel of a document without a header is that of its only language. */
function withKernel(
  metadata: Record<string, unknown>,
  { asked, code, name }: {
    readonly asked: string | undefined;
    readonly code: readonly CodeFence[];
    readonly name: string;
  },
): Record<string, unknown> {
  if (asked !== undefined || code.length === 0) return metadata;
  const [first] = code;
  const other = code.find(({ language }) => language !== first.language);
  if (other !== undefined) {
    throw new NotebookError(
      "not_a_notebook",
      `${name}:${other.start + 1}: found ${other.language} after ${first.language} on line ` +
        `${first.start + 1}, and one notebook has one kernel. Split the document, or choose the ` +
        "language with a kernelspec in a YAML header; the other one is text then",
    );
  }
  return isTextLanguage(first.language)
    ? { ...metadata, kernelspec: kernelspecOf(first.language) }
    : metadata;
}

/** A plain fence: language, then words and options such as `ts ignore` or `py tags=["a"]`. */
async function readFence(fence: MarkdownFence, name: string): Promise<CodeFence> {
  const word = /^[\w+#-]+/.exec(fence.info)?.[0] ?? "";
  const language = languageNamed(word);
  const line = fence.start + 2;
  // Words after other languages are nobody's business here.
  const text = isTextLanguage(language) ? fence.info.slice(word.length).replace(/^,/, "") : "";
  const { words, metadata } = await readCellOptions(text, { name, line: line - 1 });
  const isText = words.split(/[\s,]+/).some((mark) => /^(?:ignore|no_run|\.?noeval)$/.test(mark));
  return {
    ...fence,
    language,
    line,
    metadata: isText ? { ...metadata, tags: tagsWith(metadata.tags, "skip-execution") } : metadata,
  };
}

function tagsWith(tags: unknown, tag: string): string[] {
  return [
    ...(Array.isArray(tags) ? tags.map(String) : typeof tags === "string" ? [tags] : []),
    tag,
  ];
}

/** A MyST block: its options are lines `:key: value`, or YAML between lines `---`, at its top. */
async function readBlock(
  fence: MarkdownFence,
  { name, asked }: { readonly name: string; readonly asked: string | undefined },
): Promise<CodeFence> {
  const line = fence.start + 2;
  const named = /^\{code-cell\}\s*(\S*)/.exec(fence.info)?.[1] ?? "";
  const language = named === "" ? asked : languageNamed(named);
  if (language === undefined || (asked === undefined && !isTextLanguage(language))) {
    throw new NotebookError(
      "not_a_notebook",
      `${name}:${line - 1}: {code-cell} ${named || "names no language"}: wanted python or ` +
        "typescript, or a kernelspec in a YAML header. Name the language after {code-cell}",
    );
  }
  const { yaml, taken } = blockOptions(fence.lines);
  const value = yaml === "" ? {} : await readNotebookYaml(yaml, { name, line });
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new NotebookError(
      "not_a_notebook",
      `${name}:${line}: the options of {code-cell} are no mapping. Write them as :tags: [a, b]`,
    );
  }
  const metadata = value as Record<string, unknown>;
  return { ...fence, language, lines: fence.lines.slice(taken), line: line + taken, metadata };
}

/** The options at the top of a block as YAML that keeps the numbers of the lines. */
function blockOptions(lines: readonly string[]): { readonly yaml: string; readonly taken: number } {
  const isRule = (line: string) => /^---\s*$/.test(line);
  if (isRule(lines[0] ?? "")) {
    const end = lines.findIndex((line, index) => index > 0 && isRule(line));
    if (end > 0) return { yaml: ["", ...lines.slice(1, end)].join("\n"), taken: end + 1 };
  }
  const other = lines.findIndex((line) => !/^:[\w-]+:/.test(line));
  const taken = other < 0 ? lines.length : other;
  const yaml = lines.slice(0, taken).map((line) => line.replace(/^:([\w-]+):/, "$1:"));
  return { yaml: yaml.join("\n"), taken };
}
