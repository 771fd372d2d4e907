import type { ExecuteNotebookOptions } from "../runner/execute/execute_options.ts";

/** What `qsight run` was asked for. */
export interface RunRequest {
  /** As the user named it. */
  readonly path: string;
  /** As the user named it: a file, or with a grid a folder. */
  readonly output: string | undefined;
  readonly grid: readonly string[];
  readonly jobs: number | undefined;
  readonly options: ExecuteNotebookOptions;
}
