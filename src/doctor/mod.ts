/**
 * Whether a project and its machine are fit to train: four points, always all of them, each finding
 * with one line of what to do; and a project to begin with.
 *
 * @module
 */
export type { Finding, Point, Status } from "./finding.ts";
export type { RedactOptions } from "./redact.ts";
export {
  type ExitCodeOptions,
  type ReportData,
  reportExitCode,
  type StatusCounts,
} from "./report.ts";
export { reportMarkdown, reportText, type ReportTextOptions } from "./report_text.ts";
export { type DoctorOptions, DoctorReport, runDoctor } from "./run_doctor.ts";
export { type InitOptions, initProject } from "./templates/init_project.ts";
export { type PlannedFile, TEMPLATE_NAMES, type TemplateName } from "./templates/template.ts";
