import type { Notebook } from "../notebook/nbformat.ts";
import type { OutputChange } from "./notebook_outputs.ts";
import type { Parameters } from "../notebook/parameters.ts";

/** How a run ended. */
export type RunStatus = "ok" | "error" | "timeout" | "dead_kernel" | "kernel_fault" | "aborted";

/** How a cell ended; "allowed_error" raised, and was tagged or allowed to. */
export type CellStatus = "allowed_error" | "skipped" | "not_run" | RunStatus;

/** What became of one code cell. */
export interface CellResult {
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;
  /** How the cell ended. */
  readonly status: CellStatus;
  /** Milliseconds until its outputs were complete; 0 where it was not run. */
  readonly durationMs: number;
  /** What a cell raised, also where it may, or why it was stopped. */
  readonly error?: Error;
}

/** What a run came to. */
export interface RunOutcome {
  readonly status: RunStatus;
  readonly cells: readonly CellResult[];
  readonly error?: Error;
  readonly warnings: readonly string[];
}

/** Called while a notebook runs. What a hook throws ends the run and is thrown on. */
export interface ExecuteHooks {
  /** The kernel is ready; the notebook holds the injected parameters and no outputs. */
  readonly onStart?: (event: { readonly notebook: Notebook; readonly kernel: string }) => void;
  /** A code cell is sent to the kernel. */
  readonly onCellStart?: (event: { readonly cellIndex: number; readonly source: string }) => void;
  /** A new output or a display update; of a stream only the new text. */
  readonly onOutput?: (event: OutputChange) => void;
  /** The cell is done. Outputs of it may still come, from work that it left running. */
  readonly onCellComplete?: (result: CellResult) => void;
}

/** Options of {@linkcode executeNotebook}. */
export interface ExecuteNotebookOptions {
  /** Kernel name. @default the notebook's kernelspec, else "deno" */
  readonly kernel?: string;
  /** Values that replace those of the cell tagged `parameters`. @default {{}} */
  readonly parameters?: Parameters;
  /** Milliseconds a cell may take until its outputs are complete. @default {Infinity} */
  readonly timeout?: number;
  /** Milliseconds all cells and their outputs together may take. @default {Infinity} */
  readonly notebookTimeout?: number;
  /** Milliseconds until the kernel must be ready. @default {60000} */
  readonly startupTimeout?: number;
  /** Go on after a cell that failed, as if each were tagged `raises-exception`. @default {false} */
  readonly allowErrors?: boolean;
  /** Working folder of the kernel. @default the notebook's folder, else the current one */
  readonly cwd?: string;
  /** Stops the run: the kernel is killed and the status is "aborted". */
  readonly signal?: AbortSignal;
  /** Added to this process's environment for the kernel. @default {{}} */
  readonly env?: Readonly<Record<string, string>>;
  /** Called while the notebook runs. */
  readonly hooks?: ExecuteHooks;
  /** Write start and end of each cell into `metadata.execution`. @default {false} */
  readonly recordTiming?: boolean;
  /** Milliseconds since the epoch. @default the system's clock */
  readonly clock?: () => number;
}
