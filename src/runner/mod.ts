/** Executes notebooks without a notebook server, on the Deno kernel or any installed one. */
export { executeNotebook, type NotebookResult } from "./execute/execute_notebook.ts";
export type {
  CellResult,
  CellStatus,
  CellTreatment,
  ExecuteHooks,
  ExecuteNotebookOptions,
  RunOptions,
  RunStatus,
} from "./execute/execute_options.ts";
export type { StdinQuestion, StdinScript } from "./execute/stdin_script.ts";
export type { OutputChange } from "./execute/notebook_outputs.ts";
export { loadNotebook, parseNotebook } from "./notebook/load_notebook.ts";
export { formatNotebook, saveNotebook } from "./notebook/nbformat.ts";
export type { ParseNotebookOptions } from "./notebook/load_notebook.ts";
export { parseMarkdownNotebook } from "./notebook/parse_markdown_notebook.ts";
export { parseScriptNotebook } from "./notebook/parse_script_notebook.ts";
export { sourceLine } from "./notebook/text_notebook.ts";
export type {
  Cell,
  CodeCell,
  MimeBundle,
  Notebook,
  Output,
  TextCell,
} from "./notebook/nbformat.ts";
export { compareNotebooks } from "./compare/compare_notebooks.ts";
export type { CompareMode, CompareOptions } from "./compare/compare_options.ts";
export type { NumberTolerance } from "./compare/number_tolerance.ts";
export type {
  DifferenceKind,
  ImageDifference,
  OutputDifference,
} from "./compare/output_difference.ts";
export { type CellCheck, type CellRules, cellRules } from "./compare/cell_rules.ts";
export {
  loadSanitizeRules,
  parseSanitizeRules,
  type ParseSanitizeRulesOptions,
  type SanitizeRule,
  type SanitizeRules,
} from "./compare/sanitize_rules.ts";
export { builtInSanitizeRules, type SanitizeRuleSet } from "./compare/built_in_rules.ts";
export {
  type UpdatedNotebook,
  updateNotebook,
  type UpdateNotebookOptions,
} from "./compare/update_notebook.ts";
export {
  compareImages,
  type CompareImagesOptions,
  type ImageComparison,
} from "./compare/compare_images.ts";
export { differenceText, type DifferenceTextOptions } from "./compare/difference_text.ts";
export { compareReport, type CompareReportOptions } from "./compare/compare_report.ts";
export type { ReportCell, ReportEntry, ReportTypeFault } from "./compare/report_entry.ts";
export { testNotebooks } from "./suite/test_notebooks.ts";
export { notebookTest, type NotebookTestRegistration } from "./suite/notebook_test.ts";
export { watchNotebooks, type WatchOptions } from "./suite/watch_notebooks.ts";
export { findNotebooks, type FindNotebooksOptions } from "./suite/find_notebooks.ts";
export type { NotebookTestOptions, SuiteHooks, SuiteOptions } from "./suite/suite_options.ts";
export type { NotebookVerdict, SuiteResult, TestedCell, Verdict } from "./suite/suite_result.ts";
export type { Shard } from "./suite/shard.ts";
export { junitReport } from "./suite/junit_report.ts";
export { jsonReport } from "./suite/json_report.ts";
export { htmlReport } from "./suite/html_report.ts";
export { githubAnnotations, type GithubAnnotationsOptions } from "./suite/github_annotations.ts";
export {
  checkTypes,
  type CheckTypesOptions,
  type TypeCheckResult,
  type UncheckedNotebook,
} from "./typecheck/check_types.ts";
export type { NotebookFile } from "./typecheck/notebook_check.ts";
export type { TypeFault } from "./typecheck/type_fault.ts";
export { typeFaultText } from "./typecheck/type_fault_text.ts";
export { findKernel, listKernels } from "./kernels/kernel_spec.ts";
export type { KernelSearchOptions, KernelSpec } from "./kernels/kernel_spec.ts";
export { listRemoteKernels } from "./remote/remote_specs.ts";
export type { ServerOptions } from "./remote/server_address.ts";
export { ServerConnectionError } from "./remote/server_error.ts";
export { type GridAxes, parameterGrid, parseGrid } from "./remote/parameter_grid.ts";
export { type GridResult, type GridRow, runGrid, type RunGridOptions } from "./remote/run_grid.ts";
export { type RecordedValues, recordedValues } from "./remote/recorded_values.ts";
export { type GridTable, gridTable } from "./remote/grid_table.ts";
export type { Parameters, ParameterValue } from "./notebook/parameters.ts";
export { ParameterFloat } from "./notebook/parameter_value.ts";
export {
  loadParameters,
  parseParametersBase64,
  type ParseParametersOptions,
  parseParametersText,
  parseParameterValue,
} from "./notebook/parameters_file.ts";
export { inspectParameters } from "./notebook/inspect_parameters.ts";
export type { ParameterInfo } from "./notebook/parameter_info.ts";
export {
  CellExecutionError,
  CellTimeoutError,
  DeadKernelError,
  KernelStartError,
  KernelStreamError,
  MemoryLimitError,
  NotebookError,
  OutputLimitError,
} from "./runner_errors.ts";
export type { CellErrorInfo, CellPlace, NotebookErrorCode } from "./runner_errors.ts";
