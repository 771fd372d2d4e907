import { checkOptions } from "../../_internal/check_options.ts";
import type { CellResult } from "../execute/execute_options.ts";
import type { CodeCell, Notebook } from "../notebook/nbformat.ts";
import { cellRules } from "./cell_rules.ts";
import { wasNotRun } from "./compare_notebooks.ts";
import { matchCells } from "./match_cells.ts";
import type { OutputDifference } from "./output_difference.ts";

/** Options of {@linkcode updateNotebook}. */
export interface UpdateNotebookOptions {
  /** Take over errors of cells that are not tagged `raises-exception` too. @default {false} */
  readonly allowErrors?: boolean;
  /**
   * How each cell ended, from the result of the run: outputs of a cell that met a time limit are cut
   * off, which does not show in the notebook. @default judged by the outputs alone
   */
  readonly cells?: readonly CellResult[];
}

/** The stored notebook with fresh outputs where they differed. */
export interface UpdatedNotebook {
  /** A copy; cells without differences are as they were. */
  readonly notebook: Notebook;
  /** One line for each changed cell. */
  readonly changed: string[];
  /** One line for each cell that differs and was left as it is, because its run failed. */
  readonly kept: string[];
}

/**
 * Takes over fresh outputs and execution counts into a copy of the stored notebook, in cells that
 * differ only: the file's diff shows what changed and nothing else. Outputs of a cell whose run
 * failed are never taken over, unless the cell may raise.
 *
 * @param differences as `compareNotebooks` found them between these two notebooks
 * @throws {TypeError} for unknown options
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compareNotebooks, parseNotebook, updateNotebook } from "@qsight/qsight/runner";
 *
 * const notebook = (text: string) => {
 *   const outputs = [{ output_type: "stream", name: "stdout", text }];
 *   const cell = { cell_type: "code", source: "", metadata: {}, execution_count: 1, outputs };
 *   return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }));
 * };
 * const [stored, executed] = [notebook("old"), notebook("new")];
 * const differences = await compareNotebooks(stored, executed, { mode: "all" });
 * const { notebook: updated, changed } = updateNotebook(stored, executed, differences);
 * assert.deepEqual(updated, executed);
 * assert.deepEqual(changed, ["cell 0: stdout changed"]);
 * ```
 */
export function updateNotebook(
  stored: Notebook,
  executed: Notebook,
  differences: readonly OutputDifference[],
  options: UpdateNotebookOptions = {},
): UpdatedNotebook {
  checkOptions("updateNotebook", options, ["allowErrors", "cells"]);
  const notebook = structuredClone(stored);
  const changed: string[] = [], kept: string[] = [];
  for (const { storedIndex, executedIndex, executed: fresh } of matchCells(stored, executed)) {
    const found = differences.filter(({ cellIndex }) => cellIndex === storedIndex);
    if (found.length === 0) continue;
    const result = options.cells?.find(({ cellIndex }) => cellIndex === executedIndex);
    const reason = failure(fresh, { result, allowErrors: options.allowErrors ?? false });
    if (fresh === undefined || reason !== undefined) {
      kept.push(`cell ${storedIndex}: kept, because it ${reason}`);
      continue;
    }
    const cell = notebook.cells[storedIndex] as CodeCell;
    cell.outputs = structuredClone(fresh.outputs);
    cell.execution_count = fresh.execution_count;
    changed.push(`cell ${storedIndex}: ${summary(found)}`);
  }
  return { notebook, changed, kept };
}

/** Why the outputs of a cell are no result. */
function failure(
  cell: CodeCell | undefined,
  { result, allowErrors }: {
    readonly result: CellResult | undefined;
    readonly allowErrors: boolean;
  },
): string | undefined {
  if (cell === undefined) return "is not in the executed notebook";
  if (wasNotRun(cell)) return "was not run";
  if (result !== undefined && !["ok", "allowed_error", "error"].includes(result.status)) {
    return `ended with the status ${result.status}`;
  }
  const error = cell.outputs.find((output) => output.output_type === "error");
  const hasFailed = error !== undefined || result?.status === "error";
  if (!hasFailed || allowErrors || cellRules(cell).mayRaise) return undefined;
  return error === undefined ? "failed" : `raised ${error.ename}`;
}

const VERBS: Readonly<Record<string, string>> = { missing: "is gone", unexpected: "is new" };

/** Which parts changed, each named once. */
function summary(differences: readonly OutputDifference[]): string {
  const words = differences.map(({ part, kind }) =>
    part === "cell" ? "outputs are from a run" : `${part} ${VERBS[kind] ?? "changed"}`
  );
  return [...new Set(words)].join(", ");
}
