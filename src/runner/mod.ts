/** Executes notebooks without a notebook server, on the Deno kernel or any installed one. */
export { executeNotebook, type NotebookResult } from "./execute_notebook.ts";
export type {
  CellResult,
  CellStatus,
  ExecuteHooks,
  ExecuteNotebookOptions,
  RunStatus,
} from "./execute_options.ts";
export type { OutputChange } from "./notebook_outputs.ts";
export { loadNotebook, parseNotebook } from "./load_notebook.ts";
export { formatNotebook, saveNotebook } from "./nbformat.ts";
export type { ParseNotebookOptions } from "./load_notebook.ts";
export type { Cell, CodeCell, MimeBundle, Notebook, Output, TextCell } from "./nbformat.ts";
export { findKernel, listKernels } from "./kernel_spec.ts";
export type { KernelSearchOptions, KernelSpec } from "./kernel_spec.ts";
export type { Parameters, ParameterValue } from "./parameters.ts";
export {
  CellExecutionError,
  CellTimeoutError,
  DeadKernelError,
  KernelStartError,
  KernelStreamError,
  NotebookError,
} from "./runner_errors.ts";
export type { CellErrorInfo, CellPlace, NotebookErrorCode } from "./runner_errors.ts";
