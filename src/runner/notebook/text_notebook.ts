import { NotebookError } from "../runner_errors.ts";
import { JsonFault } from "./json_place.ts";
import type { Cell, Notebook } from "./nbformat.ts";
import { notebookOf } from "./parse_notebook.ts";

/** A cell of a document or script. */
export interface TextPart {
  /** What becomes of it. */
  readonly kind: "code" | "markdown" | "raw";
  /** Its text, without the marks around it. */
  readonly source: string;
  /** Line of the file, from 1, on which `source` begins. */
  readonly line: number;
  /** What its mark says: tags and the like. @default {{}} */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A part without the blank lines around it, or nothing where all are blank. */
export function textPart(
  kind: TextPart["kind"],
  { lines, line, metadata = {} }: {
    readonly lines: readonly string[];
    readonly line: number;
    readonly metadata?: Readonly<Record<string, unknown>>;
  },
): TextPart[] {
  const first = lines.findIndex((text) => text.trim() !== "");
  if (first < 0) return [];
  const last = lines.findLastIndex((text) => text.trim() !== "");
  const source = lines.slice(first, last + 1).join("\n");
  return [{ kind, source, line: line + first, metadata }];
}

/** A notebook of these parts. Each cell keeps its line for {@linkcode sourceLine}. */
export function textNotebook(
  parts: readonly TextPart[],
  { name, metadata }: { readonly name: string; readonly metadata: Record<string, unknown> },
): Notebook {
  const cells = parts.map(({ kind, source, line, metadata: own = {} }) => ({
    cell_type: kind,
    source,
    metadata: { ...own, tags: tagList(own.tags), qsight: { line } },
  }));
  try {
    return notebookOf(plainJson({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new NotebookError(
      "not_a_notebook",
      `${name}: its header gives no valid notebook: ${error.message}. Mend the header`,
    );
  }
}

/** What a file can keep of a value: YAML may hold more than JSON. */
function plainJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch (error) {
    // Such as a value that contains itself, by an alias.
    throw new JsonFault((error as Error).message);
  }
}

/**
 * Line of the source file, from 1, on which the text of a cell begins: of a notebook read from a
 * document or script, which keep it as `metadata.qsight.line`; undefined for others.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMarkdownNotebook, sourceLine } from "@qsight/qsight/runner";
 *
 * const { cells } = await parseMarkdownNotebook("# Title\n\n~~~ts\n6 * 7\n~~~\n");
 * assert.deepEqual(cells.map(sourceLine), [1, 4]);
 * ```
 */
export function sourceLine(cell: Cell): number | undefined {
  const own = cell.metadata.qsight as { readonly line?: unknown } | null | undefined;
  return typeof own?.line === "number" ? own.line : undefined;
}

/** Tags as a list: a header may name a single one without brackets, or several with commas. */
function tagList(tags: unknown): string[] | undefined {
  if (typeof tags === "string") return tags.split(/[\s,]+/);
  return Array.isArray(tags) && tags.length > 0 ? tags.map(String) : undefined;
}
