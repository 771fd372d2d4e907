import { dirname, resolve } from "node:path";
import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { findKernel } from "../kernels/kernel_spec.ts";
import { watchMemory } from "../kernels/memory_watch.ts";
import { startKernel } from "../kernels/start_kernel.ts";
import { loadNotebook } from "../notebook/load_notebook.ts";
import type { Notebook } from "../notebook/nbformat.ts";
import { injectParameters, undeclaredParameters } from "../notebook/parameters.ts";
import { startAutosave } from "./autosave.ts";
import { abortReason, memoryLimitError } from "./cell_errors.ts";
import type {
  CellResult,
  ExecuteNotebookOptions,
  RunOptions,
  RunStatus,
} from "./execute_options.ts";
import { NotebookRun, treatmentByTags } from "./notebook_run.ts";

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
  /** Most bytes of memory seen of the kernel and what it started; 0 where nobody can tell. */
  readonly peakMemoryBytes: number;
}

const RUN_OPTIONS = [
  ...["parameters", "timeout", "notebookTimeout", "quietTimeout", "maxOutputBytes"],
  ...["maxMemoryBytes", "allowErrors", "allowErrorNames", "stdin", "treatment", "autosave"],
  ...["signal", "hooks", "recordTiming", "clock"],
];
const OPTIONS = [...RUN_OPTIONS, "kernel", "server", "startupTimeout", "cwd", "env"];
const LIMITS = [
  ...["timeout", "notebookTimeout", "quietTimeout", "startupTimeout"],
  ...["maxOutputBytes", "maxMemoryBytes"],
] as const;

/**
 * Executes a notebook without a notebook server: starts the kernel in the notebook's folder, runs
 * its code cells in order, collects their outputs and ends the kernel on every way out. The first
 * cell that fails ends the run unless it is tagged `raises-exception` or `allowErrors` is set;
 * cells tagged `skip-execution` are left out and keep their outputs; all other stored outputs are
 * dropped first, so that none is left of a cell that was not reached.
 *
 * @param source path of an .ipynb file, or a notebook, which is not changed
 * @throws {NotebookError} when the file is no readable notebook
 * @throws {KernelStartError} when there is no such kernel or it does not become ready
 * @throws {TypeError} for unknown options and for parameters that have no literal
 * @throws {RangeError} for a limit that is not a positive number
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
  checkLimits(options);
  return await executeWarm(source, options);
}

/** Options of {@linkcode executeWarm}. */
export interface ExecuteWarmOptions extends ExecuteNotebookOptions {
  /** Hands over a fresh kernel that is ready; undefined where one has yet to be started. */
  readonly takeKernel?: () => Promise<Kernel | undefined>;
}

/** As {@linkcode executeNotebook}, on a kernel that may have been started before it was needed. */
export async function executeWarm(
  source: string | Notebook,
  { takeKernel, ...options }: ExecuteWarmOptions,
): Promise<NotebookResult> {
  const notebook = typeof source === "string"
    ? await loadNotebook(source)
    : structuredClone(source);
  const clock = options.clock ?? systemClock;
  const start = clock();
  const cwd = resolve(
    options.cwd ?? (typeof source === "string" ? dirname(source) : process.cwd()),
  );
  const kernel = await takeKernel?.() ?? await openKernel(notebook, { ...options, clock, cwd });
  if (kernel === undefined) {
    const status = "aborted";
    const error = abortReason(options.signal);
    const durationMs = clock() - start;
    const none = { cells: [], warnings: [], kernel: "", peakMemoryBytes: 0 };
    return { notebook, status, durationMs, error, ...none };
  }
  const result = await executeOn(kernel, { ...options, notebook, clock });
  return { ...result, durationMs: clock() - start };
}

/** Options of {@linkcode executeOn}. */
interface ExecuteOnOptions extends RunOptions {
  /** Changed in place. */
  readonly notebook: Notebook;
  readonly clock: () => number;
}

/** Runs a notebook on a fresh kernel that is ready, and ends the kernel. */
async function executeOn(
  kernel: Kernel,
  { notebook, ...options }: ExecuteOnOptions,
): Promise<NotebookResult> {
  const { clock, hooks, parameters = {}, maxMemoryBytes = Infinity } = options;
  const start = clock();
  const warnings: string[] = [];
  let graceful = false;
  let run: NotebookRun | undefined;
  const memory = kernel.pid === undefined ? undefined : watchMemory(kernel.pid, {
    limit: maxMemoryBytes,
    onExceeded: (bytes) => {
      const cellIndex = run?.running ?? 0;
      run?.trip(memoryLimitError({ cellIndex, bytes, maxMemoryBytes }));
    },
  });
  const autosave = startAutosave(options.autosave, notebook);
  try {
    prepare(notebook, kernel, options);
    run = new NotebookRun(notebook, kernel, {
      ...options,
      hooks: {
        ...hooks,
        onCellComplete: (result) => {
          autosave.save();
          hooks?.onCellComplete?.(result);
        },
      },
    });
    hooks?.onStart?.({ notebook, kernel: kernel.spec.name });
    const outcome = await run.execute();
    graceful = outcome.status === "ok" || outcome.status === "error";
    warnings.push(...undeclaredParameters(notebook, parameters), ...outcome.warnings);
    await memory?.stop();
    const peakMemoryBytes = memory?.peak ?? 0;
    const durationMs = clock() - start;
    return {
      notebook,
      ...outcome,
      warnings,
      durationMs,
      kernel: kernel.spec.name,
      peakMemoryBytes,
    };
  } finally {
    await Promise.all([
      kernel.stop({ grace: graceful ? 1000 : 0 }),
      memory?.stop(),
      autosave.stop(),
    ]);
    // Whether a server could end its kernel is known only now.
    warnings.push(...kernel.warnings);
  }
}

function checkLimits(options: ExecuteNotebookOptions): void {
  for (const name of LIMITS) {
    const value = options[name];
    if (value === undefined || value > 0) continue;
    const unit = name.endsWith("Bytes") ? "bytes" : "milliseconds";
    throw new RangeError(
      `executeNotebook: ${name} is ${value}, wanted positive ${unit}. Leave it out for no limit`,
    );
  }
}

/** The kernel that the options or the notebook name, or undefined when aborted before it is ready. */
async function openKernel(
  notebook: Notebook,
  options: ExecuteNotebookOptions & { readonly cwd: string; readonly clock: () => number },
): Promise<Kernel | undefined> {
  const name = options.kernel ?? kernelName(notebook);
  try {
    if (options.server === undefined) return await startKernel(await findKernel(name), options);
    // Late, because it brings a WebSocket and an HTTP client with it.
    const { startRemoteKernel } = await import("../remote/remote_kernel.ts");
    const { env, startupTimeout, maxOutputBytes, clock, signal } = options;
    const given = { env, startupTimeout, maxOutputBytes, signal };
    return await startRemoteKernel(options.server, { kernel: name, clock, ...given });
  } catch (error) {
    if (options.signal?.aborted) return undefined;
    throw error;
  }
}

/** The kernel that a notebook names; "deno" where it names none. */
export function kernelName(notebook: Notebook): string {
  const spec = notebook.metadata.kernelspec as { name?: unknown } | undefined;
  return typeof spec?.name === "string" ? spec.name : "deno";
}

/** Clears what an earlier run left, injects the parameters and names the language. */
function prepare(
  notebook: Notebook,
  kernel: Kernel,
  { parameters = {}, treatment = treatmentByTags }: RunOptions,
): void {
  const language = String(kernel.languageInfo.name ?? kernel.spec.language);
  if (Object.keys(parameters).length > 0) injectParameters(notebook, { parameters, language });
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code" || treatment(cell).skip) continue;
    cell.outputs = [];
    cell.execution_count = null;
    delete cell.metadata.execution;
  }
  delete notebook.metadata.widgets;
  notebook.metadata.language_info = structuredClone(kernel.languageInfo);
}

/** Milliseconds since the epoch, finer than a whole one. */
export function systemClock(): number {
  return performance.timeOrigin + performance.now();
}
