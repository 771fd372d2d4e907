import { dirname, resolve } from "node:path";
import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import { abortReason } from "./cell_errors.ts";
import { type Kernel, startKernel } from "../kernels/kernel.ts";
import { findKernel } from "../kernels/kernel_spec.ts";
import { loadNotebook } from "../notebook/load_notebook.ts";
import type { Notebook } from "../notebook/nbformat.ts";
import type { CellResult, ExecuteNotebookOptions, RunStatus } from "./execute_options.ts";
import { NotebookRun } from "./notebook_run.ts";
import { injectParameters, undeclaredParameters } from "../notebook/parameters.ts";

/** What an executed notebook came to. */
export interface NotebookResult {
  /** The notebook with its new outputs; ready for `saveNotebook`. */
  readonly notebook: Notebook;
  /** "ok" when every cell ran, or raised where it may. */
  readonly status: RunStatus;
  /** One entry for each code cell, in order. */
  readonly cells: readonly CellResult[];
  /** Milliseconds, with the start of the kernel. */
  readonly durationMs: number;
  /** Why the status is not "ok"; its message quotes the cell. */
  readonly error?: Error;
  /** Things that did not change the verdict, such as a kernel that did not confirm its outputs. */
  readonly warnings: readonly string[];
  /** Name of the kernel used. */
  readonly kernel: string;
}

const OPTIONS = [
  ...["kernel", "parameters", "timeout", "notebookTimeout", "startupTimeout", "allowErrors"],
  ...["cwd", "signal", "env", "hooks", "recordTiming", "clock"],
];

/**
 * Executes a notebook without a notebook server: starts the kernel in the notebook's folder, runs
 * its code cells in order, collects their outputs and ends the kernel on every way out. The first
 * cell that fails ends the run unless it is tagged `raises-exception` or `allowErrors` is set;
 * cells tagged `skip-execution` are left out. Stored outputs are dropped first.
 *
 * @param source path of an .ipynb file, or a notebook, which is not changed
 * @throws {NotebookError} when the file is no readable notebook
 * @throws {KernelStartError} when there is no such kernel or it does not become ready
 * @throws {TypeError} for unknown options and for parameters that have no literal
 * @throws {RangeError} for a time limit that is not a positive number
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { executeNotebook, parseNotebook } from "@qsight/qsight/runner";
 *
 * const cell = { cell_type: "code", source: "6 * 7", metadata: {} };
 * const notebook = parseNotebook(JSON.stringify({
 *   nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell],
 * }));
 * const result = await executeNotebook(notebook, { kernel: "deno", timeout: 60_000 });
 * assert.equal(result.status, "ok");
 * ```
 */
export async function executeNotebook(
  source: string | Notebook,
  options: ExecuteNotebookOptions = {},
): Promise<NotebookResult> {
  checkOptions("executeNotebook", options, OPTIONS);
  for (const name of ["timeout", "notebookTimeout", "startupTimeout"] as const) {
    const value = options[name];
    if (value !== undefined && !(value > 0)) {
      throw new RangeError(
        `executeNotebook: ${name} is ${value}, wanted positive milliseconds. Leave it out for no limit`,
      );
    }
  }
  const notebook = typeof source === "string"
    ? await loadNotebook(source)
    : structuredClone(source);
  const clock = options.clock ?? systemClock;
  const start = clock();
  const kernel = await openKernel(notebook, {
    ...options,
    clock,
    cwd: resolve(options.cwd ?? (typeof source === "string" ? dirname(source) : process.cwd())),
  });
  if (kernel === undefined) {
    const status = "aborted";
    const error = abortReason(options.signal);
    return {
      notebook,
      status,
      cells: [],
      durationMs: clock() - start,
      error,
      warnings: [],
      kernel: "",
    };
  }
  let graceful = false;
  try {
    prepare(notebook, kernel, options);
    const run = new NotebookRun(notebook, kernel, { ...options, clock });
    options.hooks?.onStart?.({ notebook, kernel: kernel.spec.name });
    const outcome = await run.execute();
    graceful = outcome.status === "ok" || outcome.status === "error";
    const unknown = undeclaredParameters(notebook, options.parameters ?? {});
    const warnings = [...unknown, ...outcome.warnings];
    return {
      notebook,
      ...outcome,
      warnings,
      durationMs: clock() - start,
      kernel: kernel.spec.name,
    };
  } finally {
    await kernel.stop({ grace: graceful ? 1000 : 0 });
  }
}

/** The kernel that the options or the notebook name, or undefined when aborted before it is ready. */
async function openKernel(
  notebook: Notebook,
  options: ExecuteNotebookOptions & { readonly cwd: string; readonly clock: () => number },
): Promise<Kernel | undefined> {
  const spec = notebook.metadata.kernelspec as { name?: unknown } | undefined;
  const named = typeof spec?.name === "string" ? spec.name : "deno";
  try {
    return await startKernel(await findKernel(options.kernel ?? named), options);
  } catch (error) {
    if (options.signal?.aborted) return undefined;
    throw error;
  }
}

/** Clears what an earlier run left, injects the parameters and names the language. */
function prepare(notebook: Notebook, kernel: Kernel, { parameters = {} }: ExecuteNotebookOptions) {
  const language = String(kernel.languageInfo.name ?? kernel.spec.language);
  if (Object.keys(parameters).length > 0) injectParameters(notebook, { parameters, language });
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    cell.outputs = [];
    cell.execution_count = null;
    delete cell.metadata.execution;
  }
  notebook.metadata.language_info = structuredClone(kernel.languageInfo);
}

function systemClock(): number {
  return performance.timeOrigin + performance.now();
}
