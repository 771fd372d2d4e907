import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import type { Notebook } from "../../../src/runner/notebook/nbformat.ts";
import { checkTypes, type CheckTypesOptions } from "../../../src/runner/typecheck/check_types.ts";
import type { TypeFault } from "../../../src/runner/typecheck/type_fault.ts";

/** The source of a cell, or its tag and its source. */
export type CellSpec = string | readonly [tag: string, source: string];

/** A notebook of code cells. */
export function notebookOf(cells: readonly CellSpec[], metadata: object = {}): Notebook {
  return parseNotebook(JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata,
    cells: cells.map((cell) => ({
      cell_type: "code",
      source: typeof cell === "string" ? cell : cell[1],
      metadata: typeof cell === "string" ? {} : { tags: [cell[0]] },
    })),
  }));
}

/** A folder with these files; removed when the block ends. */
export async function folderWith(files: Record<string, string> = {}) {
  const path = await realpath(await mkdtemp(join(tmpdir(), "qsight-types-")));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A fault in short: `cell:line:column code`. */
export function short({ cellIndex, line, column, code }: TypeFault): string {
  return `${cellIndex}:${line}:${column} ${code}`;
}

/** A program of Deno is slow on a machine that is busy, and never takes this long. */
export const DEADLINE: CheckTypesOptions = { timeout: 240_000 };

/** Notebooks by their names, each with its cells and the faults that are expected in short. */
export type Expected = Record<string, readonly [cells: readonly CellSpec[], ...faults: string[]]>;

/** Checks all notebooks with one process and compares what is found in each. */
export async function assertFaults(
  expected: Expected,
  { files, unchecked = {} }: {
    readonly files?: Record<string, string>;
    readonly unchecked?: Record<string, readonly string[]>;
  } = {},
): Promise<readonly TypeFault[]> {
  await using folder = await folderWith(files);
  const notebooks = Object.entries(expected).map(([name, [cells]]) => ({
    path: join(folder.path, `${name}.ipynb`),
    notebook: notebookOf(cells),
  }));
  const result = await checkTypes(notebooks, DEADLINE);
  const nameOf = ({ path }: { readonly path: string }) =>
    path.slice(folder.path.length + 1, -".ipynb".length);
  const found = Object.keys(expected).map((name) => [
    name,
    result.faults.filter((fault) => nameOf(fault) === name).map(short),
  ]);
  const wanted = Object.entries(expected).map(([name, [, ...faults]]) => [name, faults]);
  assert.deepEqual(Object.fromEntries(found), Object.fromEntries(wanted));
  const reasons: Record<string, string[]> = {};
  for (const one of result.unchecked) {
    (reasons[nameOf(one)] ??= []).push(one.reason.replaceAll(folder.path, ""));
  }
  assert.deepEqual(reasons, unchecked);
  return result.faults;
}
