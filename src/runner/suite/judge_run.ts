import { compareNotebooks } from "../compare/compare_notebooks.ts";
import type { OutputDifference } from "../compare/output_difference.ts";
import { updateNotebook } from "../compare/update_notebook.ts";
import type { NotebookResult } from "../execute/execute_notebook.ts";
import { isTextNotebook, type Notebook, saveNotebook } from "../notebook/nbformat.ts";
import { sourceLine } from "../notebook/text_notebook.ts";
import { CellExecutionError } from "../runner_errors.ts";
import { type NotebookTypes, withParameters } from "./suite_types.ts";
import { jsonCellLine, tracebackLine } from "./cell_line.ts";
import { compareOptions, type NotebookTestOptions } from "./suite_options.ts";
import type { NotebookVerdict } from "./suite_result.ts";
import { differenceLine, typeFaultLine } from "./verdict_text.ts";

/** A notebook as it was stored and what its run came to. */
export interface NotebookRunOutcome {
  readonly stored: Notebook;
  readonly result: NotebookResult;
  readonly test: {
    readonly path: string;
    readonly shown: string;
    readonly types?: Promise<NotebookTypes>;
  };
  readonly options: NotebookTestOptions;
}

/**
 * The verdict about a run: what it raised comes first, then where outputs differ. With the option
 * `update`, outputs that differ are stored instead.
 */
export async function judgeRun(outcome: NotebookRunOutcome): Promise<NotebookVerdict> {
  const { result, test, options } = outcome;
  const { status, durationMs, warnings, kernel, peakMemoryBytes, notebook } = result;
  const path = test.shown;
  const cells = result.cells.map((cell) => ({
    ...cell,
    source: notebook.cells[cell.cellIndex].source,
  }));
  const base = { path, durationMs, cells, warnings, kernel, peakMemoryBytes };
  if (status === "aborted") {
    const none = { differences: [], typeFaults: [] };
    return {
      ...base,
      ...none,
      verdict: "interrupted",
      status,
      ...await placed({ ...outcome, notebook }, ofRun(result)),
    };
  }
  const differences = await differencesOf(outcome);
  const found = {
    ...{ ...base, differences, typeFaults: [] },
    warnings: [...warnings, ...(await test.types)?.warnings ?? []],
  };
  if (status !== "ok") {
    const verdict = status === "kernel_fault" ? "fault" : "failed";
    return { ...found, verdict, status, ...await placed({ ...outcome, notebook }, ofRun(result)) };
  }
  if (differences.length === 0) return { ...found, verdict: "passed", status };
  if (options.update === true) return { ...found, ...await update(outcome, differences) };
  const place = await placed({ ...outcome, notebook }, ofDifferences(differences));
  return { ...found, verdict: "failed", status: "differs", ...place };
}

/** The verdict about a notebook whose types are wrong: it is not run. */
export async function judgeTypes(
  { stored, types, test, options: { parameters = {} } }: Omit<NotebookRunOutcome, "result"> & {
    readonly types: NotebookTypes;
  },
): Promise<NotebookVerdict> {
  const notebook = withParameters(stored, parameters);
  const cells = [...notebook.cells.entries()].flatMap(([cellIndex, { cell_type, source }]) =>
    cell_type === "code" ? [{ cellIndex, source, status: "not_run" as const, durationMs: 0 }] : []
  );
  const [{ cellIndex, line: lineInCell }] = types.faults;
  const message = types.faults.map(typeFaultLine).join("\n");
  const place = await placed({ stored, notebook, test }, { message, cellIndex, lineInCell });
  return {
    path: test.shown,
    verdict: "failed",
    status: "types",
    durationMs: 0,
    ...{ cells, differences: [], typeFaults: types.faults, warnings: types.warnings },
    ...place,
  };
}

/** Differences of the cells that were run; markdown files and scripts store no outputs. */
async function differencesOf(
  { stored, result, test, options }: NotebookRunOutcome,
): Promise<readonly OutputDifference[]> {
  if (isTextNotebook(test.path)) return [];
  const before = options.update === true ? asIfRun(stored) : stored;
  // Which cells may raise, the run has judged already, by names too.
  const differences = await compareNotebooks(before, result.notebook, {
    ...compareOptions(options),
    allowErrors: true,
  });
  if (result.status === "ok") return differences;
  // What the failure left undone is not a difference as well.
  const done = result.cells.filter(({ status }) => status === "ok" || status === "allowed_error");
  const indices = new Set(done.map(({ cellIndex }) => cellIndex));
  return differences.filter(({ executedIndex = -1 }) => indices.has(executedIndex));
}

/** A cell that was never run has nothing to compare with; to update it, its first outputs are new ones. */
function asIfRun(stored: Notebook): Notebook {
  const cells = stored.cells.map((cell) =>
    cell.cell_type === "code" && cell.execution_count === null && cell.outputs.length === 0
      ? { ...cell, execution_count: 0 }
      : cell
  );
  return { ...stored, cells };
}

/** Stores fresh outputs; the file is only written where something can be taken over. */
async function update(
  { stored, result, test }: NotebookRunOutcome,
  differences: readonly OutputDifference[],
): Promise<Pick<NotebookVerdict, "verdict" | "status" | "message">> {
  const { notebook, changed, kept } = updateNotebook(stored, result.notebook, differences, {
    allowErrors: true,
    cells: result.cells,
  });
  if (changed.length > 0) await saveNotebook(test.path, notebook);
  const message = [...changed, ...kept].join("\n");
  if (kept.length > 0) return { verdict: "failed", status: "differs", message };
  return { verdict: "passed", status: "updated", message };
}

/** Who is to blame, as far as that is known. */
interface Blame {
  readonly message?: string;
  /** In the executed notebook. */
  readonly cellIndex?: number;
  readonly lineInCell?: number;
}

/** The cell that ended the run. */
function ofRun({ cells, error, status }: NotebookResult): Blame {
  const cell = cells.find((one) => one.status === status);
  const line = error instanceof CellExecutionError ? tracebackLine(error.traceback) : undefined;
  return {
    ...(error === undefined ? {} : { message: error.message }),
    ...(cell === undefined ? {} : { cellIndex: cell.cellIndex }),
    ...(line === undefined ? {} : { lineInCell: line }),
  };
}

function ofDifferences(differences: readonly OutputDifference[]): Blame {
  const [{ cellIndex, executedIndex = cellIndex }] = differences;
  return { message: differences.map(differenceLine).join("\n"), cellIndex: executedIndex };
}

/** The blame as fields of a verdict, with the line of the notebook's file. */
async function placed(
  { stored, notebook, test }: Pick<NotebookRunOutcome, "stored" | "test"> & {
    readonly notebook: Notebook;
  },
  { lineInCell = 1, ...blame }: Blame,
): Promise<Pick<NotebookVerdict, "message" | "cellIndex" | "line">> {
  const cell = notebook.cells[blame.cellIndex ?? -1];
  // A cell of injected parameters stands in no file.
  const storedIndex = stored.cells.findIndex(({ id }) => id === cell?.id);
  if (storedIndex < 0) return blame;
  const line = sourceLine(cell) ?? await jsonCellLine(test.path, storedIndex);
  return line === undefined ? blame : { ...blame, line: line + lineInCell - 1 };
}
