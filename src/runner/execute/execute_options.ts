import type { ServerOptions } from "../remote/server_address.ts";
import type { Cell, Notebook } from "../notebook/nbformat.ts";
import type { Parameters } from "../notebook/parameters.ts";
import type { OutputChange } from "./notebook_outputs.ts";
import type { StdinScript } from "./stdin_script.ts";

/** How a run ended. */
export type RunStatus =
  | "ok"
  | "error"
  | "timeout"
  | "output_limit"
  | "memory"
  | "dead_kernel"
  | "kernel_fault"
  | "aborted";

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

/** How one cell is treated. */
export interface CellTreatment {
  /** The cell is not sent, and keeps its stored outputs. */
  readonly skip: boolean;
  /** An error of the cell does not end the run. */
  readonly mayRaise: boolean;
}

/** How a notebook is run on a kernel that is ready. */
export interface RunOptions {
  /** Values that replace those of the cell tagged `parameters`. @default {{}} */
  readonly parameters?: Parameters;
  /** Milliseconds a cell may take until its outputs are complete. @default {Infinity} */
  readonly timeout?: number;
  /** Milliseconds all cells and their outputs together may take. @default {Infinity} */
  readonly notebookTimeout?: number;
  /** Milliseconds a running cell may put out nothing. @default {Infinity} */
  readonly quietTimeout?: number;
  /** Bytes that all outputs together may take; the run ends beyond that. @default {100 MiB} */
  readonly maxOutputBytes?: number;
  /**
   * Bytes of memory that the kernel and what it started may hold; they are killed beyond that. Only
   * for kernels on this machine. @default {Infinity}
   */
  readonly maxMemoryBytes?: number;
  /** Go on after a cell that failed, as if each were tagged `raises-exception`. @default {false} */
  readonly allowErrors?: boolean;
  /** Go on after errors of these names, such as `"TimeoutError"`. @default {[]} */
  readonly allowErrorNames?: readonly string[];
  /**
   * Answers to what cells ask (`input()`, `prompt()`), in order, or a function that answers.
   * Without one, or without a further answer, a cell that asks fails at once.
   */
  readonly stdin?: StdinScript;
  /**
   * How a cell is treated. @default by its tags `skip-execution` and `raises-exception`
   */
  readonly treatment?: (cell: Cell) => CellTreatment;
  /** A file that gets the notebook as far as it has come, after cells and now and then inside. */
  readonly autosave?: string;
  /** Stops the run: the kernel is killed and the status is "aborted". */
  readonly signal?: AbortSignal;
  /** Called while the notebook runs. */
  readonly hooks?: ExecuteHooks;
  /** Write the times of each cell into `metadata.execution`, as nbclient does. @default {false} */
  readonly recordTiming?: boolean;
  /** Milliseconds since the epoch. @default the system's clock */
  readonly clock?: () => number;
}

/** Options of {@linkcode executeNotebook}. */
export interface ExecuteNotebookOptions extends RunOptions {
  /** Kernel name. @default the notebook's kernelspec, else "deno" */
  readonly kernel?: string;
  /** Run on a kernel of this Jupyter server or gateway instead of one on this machine. */
  readonly server?: ServerOptions;
  /** Milliseconds until the kernel must be ready. @default {60000} */
  readonly startupTimeout?: number;
  /** Working folder of the kernel. @default the notebook's folder, else the current one */
  readonly cwd?: string;
  /** Added to this process's environment for the kernel. @default {{}} */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a run knows beyond its options. */
export interface RunContext extends RunOptions {
  readonly clock: () => number;
}
