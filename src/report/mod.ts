/**
 * Pages that open from disk without network: one for a run, one for several side by side.
 *
 * @module
 */
export { ReportError } from "./run_record.ts";
export { saveComparison, type SaveComparisonOptions } from "./save_comparison.ts";
export { saveReport, type SaveReportOptions } from "./save_report.ts";
