import { mkdir } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import { abortReason } from "../execute/cell_errors.ts";
import { executeNotebook, systemClock } from "../execute/execute_notebook.ts";
import type { ExecuteNotebookOptions, RunStatus } from "../execute/execute_options.ts";
import { loadNotebook } from "../notebook/load_notebook.ts";
import { type Notebook, saveNotebook } from "../notebook/nbformat.ts";
import type { Parameters } from "../notebook/parameters.ts";
import { KernelStartError } from "../runner_errors.ts";
import { type GridAxes, parameterGrid } from "./parameter_grid.ts";
import { type RecordedValues, recordedValues } from "./recorded_values.ts";

/** One set of parameters and what the notebook came to with it. */
export interface GridRow {
  /** Place in the grid, from 0. */
  readonly index: number;
  /** Those of the grid; not those that all runs share. */
  readonly parameters: Parameters;
  /** How the run ended; "kernel_fault" also where no kernel could be started. */
  readonly status: RunStatus;
  /** Milliseconds, with the start of the kernel; 0 where it was not run. */
  readonly durationMs: number;
  /** Why the status is not "ok". */
  readonly error?: Error;
  /** The executed notebook, where an output folder was given. */
  readonly path?: string;
  /** What the notebook recorded; see {@linkcode recordedValues}. */
  readonly results: RecordedValues;
  /** Things that did not change the verdict. */
  readonly warnings: readonly string[];
}

/** What a grid came to. */
export interface GridResult {
  /** One for each set of parameters, in the order of the grid. */
  readonly rows: readonly GridRow[];
  /** "ok" when every run was, "aborted" when the signal ended it, else "failed". */
  readonly status: "ok" | "failed" | "aborted";
  /** Milliseconds that all of it took. */
  readonly durationMs: number;
}

/** Options of {@linkcode runGrid}; those of executeNotebook apply to each run. */
export interface RunGridOptions extends Omit<ExecuteNotebookOptions, "hooks" | "autosave"> {
  /** Values for each parameter, of which all combinations are run, or the sets themselves. */
  readonly grid: GridAxes | readonly Parameters[];
  /** How many run at once. @default {1} */
  readonly jobs?: number;
  /** Folder for the executed notebooks, `<name>_001.ipynb` and on. @default none are written */
  readonly outputDir?: string;
  /** Called with each row as soon as it is there. */
  readonly onRow?: (row: GridRow) => void;
}

/**
 * Runs a notebook once for each set of parameters, `jobs` at once, on kernels of this machine or of
 * a server. A run that fails does not end the others, and none is repeated. A server that restarts
 * meanwhile costs the runs that it had; the next ones wait for it.
 *
 * @param source path of an .ipynb file, or a notebook, which is not changed
 * @throws {NotebookError} when the file is no readable notebook
 * @throws {TypeError} for unknown options and for parameters that have no literal
 * @throws {RangeError} for an empty grid, a parameter without values, and a limit out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { gridTable, parseNotebook, runGrid } from "@qsight/qsight/runner";
 *
 * const tagged = { metadata: { tags: ["parameters"] }, source: "let lr = 0;" };
 * const record = "await Deno.jupyter.display({ 'application/vnd.qsight.result+json': " +
 *   "{ doubled: lr * 2 } }, { raw: true });";
 * const cells = [tagged, { metadata: {}, source: record }].map((cell) => ({
 *   cell_type: "code", ...cell,
 * }));
 * const notebook = parseNotebook(JSON.stringify({
 *   nbformat: 4, nbformat_minor: 5, metadata: {}, cells,
 * }));
 * const result = await runGrid(notebook, { grid: { lr: [0.5, 2] }, kernel: "deno", jobs: 2 });
 * assert.equal(result.status, "ok");
 * assert.deepEqual(result.rows.map((row) => row.results.doubled), [1, 4]);
 * assert.match(gridTable(result).csv, /^lr,status,seconds,doubled\r\n/);
 * ```
 */
export async function runGrid(
  source: string | Notebook,
  options: RunGridOptions,
): Promise<GridResult> {
  checkOptions("runGrid", options, OPTIONS);
  const { grid, jobs = 1, outputDir, onRow, ...execution } = options;
  if (!(Number.isInteger(jobs) && jobs > 0)) {
    throw new RangeError(`runGrid: jobs is ${jobs}, wanted a whole number from 1`);
  }
  const sets = setsOf(grid);
  const clock = execution.clock ?? systemClock;
  const start = clock();
  if (outputDir !== undefined) await mkdir(outputDir, { recursive: true });
  const isFile = typeof source === "string";
  const notebook = isFile ? await loadNotebook(source) : source;
  const cwd = resolve(execution.cwd ?? (isFile ? dirname(source) : process.cwd()));
  const stem = isFile ? basename(source, extname(source)) : "notebook";
  const runRow = rowRunner(notebook, { ...execution, clock, cwd });
  const rows: GridRow[] = [];
  await inParallel([...sets.entries()], jobs, async ([index, parameters]) => {
    const { executed, ...row } = await runRow(parameters);
    const path = outputDir === undefined || executed === undefined
      ? undefined
      : join(outputDir, `${stem}_${String(index + 1).padStart(3, "0")}.ipynb`);
    if (path !== undefined && executed !== undefined) await saveNotebook(path, executed);
    rows[index] = { index, ...row, ...(path === undefined ? {} : { path }) };
    onRow?.(rows[index]);
  });
  return { rows, status: statusOf(rows), durationMs: clock() - start };
}

const OPTIONS = [
  ...["grid", "jobs", "outputDir", "onRow"],
  ...["parameters", "timeout", "notebookTimeout", "quietTimeout", "maxOutputBytes"],
  ...["maxMemoryBytes", "allowErrors", "allowErrorNames", "stdin", "treatment", "signal"],
  ...["recordTiming", "clock", "kernel", "server", "startupTimeout", "cwd", "env"],
];

function setsOf(grid: GridAxes | readonly Parameters[]): readonly Parameters[] {
  if (typeof grid !== "object" || grid === null) {
    const found = grid === null ? "null" : typeof grid;
    throw new TypeError(
      `runGrid: grid is ${found}, wanted values for each parameter such as { lr: [0.1, 0.01] }`,
    );
  }
  const sets = isList(grid) ? grid : parameterGrid(grid);
  if (sets.length === 0) throw new RangeError("runGrid: the grid is empty. Give at least one set");
  return sets;
}

/** `Array.isArray` does not know lists that may not be changed. */
function isList(grid: GridAxes | readonly Parameters[]): grid is readonly Parameters[] {
  return Array.isArray(grid);
}

function statusOf(rows: readonly GridRow[]): GridResult["status"] {
  if (rows.some((row) => row.status === "aborted")) return "aborted";
  return rows.every((row) => row.status === "ok") ? "ok" : "failed";
}

/** Does the work with each item, `jobs` at once. A fault is thrown when what runs then has ended. */
async function inParallel<T>(
  items: T[],
  jobs: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const worker = async () => {
    for (let item = items.shift(); item !== undefined; item = items.shift()) {
      try {
        await work(item);
      } catch (error) {
        items.length = 0;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(jobs, items.length) }, worker),
  );
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

/** A row before it has its place. */
type RunRow = Omit<GridRow, "index" | "path"> & { readonly executed?: Notebook };

/** Runs the notebook with one set of parameters after another, and makes rows of what may happen. */
function rowRunner(
  notebook: Notebook,
  options: ExecuteNotebookOptions & { readonly clock: () => number },
): (parameters: Parameters) => Promise<RunRow> {
  const { signal, clock } = options;
  return async (parameters) => {
    const start = clock();
    const nothing = { parameters, results: {}, warnings: [] };
    if (signal?.aborted) {
      return { ...nothing, status: "aborted", durationMs: 0, error: abortReason(signal) };
    }
    try {
      const { notebook: executed, ...result } = await executeNotebook(notebook, {
        ...options,
        parameters: { ...options.parameters, ...parameters },
      });
      const { status, durationMs, error, warnings } = result;
      const results = recordedValues(executed);
      const row = { parameters, status, durationMs, results, warnings, executed };
      return error === undefined ? row : { ...row, error };
    } catch (error) {
      if (!(error instanceof KernelStartError)) throw error;
      return { ...nothing, status: "kernel_fault", durationMs: clock() - start, error };
    }
  };
}
