/**
 * What a training leaves on disk: one folder a run, every file whole or absent, and a manifest
 * with seed, versions and checksums that is written last.
 *
 * @module
 */
export type { Figure } from "../_internal/figure.ts";
export type { FileDigest } from "./file_digest.ts";
export { type GitState, readGitState } from "./git_state.ts";
export { readLatest } from "./latest.ts";
export { type Manifest, ManifestError, readManifest } from "./manifest.ts";
export {
  type MetricsRow,
  readMetrics,
  readTimings,
  type RowValue,
  type RunHistory,
  type TimingsRow,
  toHistory,
} from "./metrics_rows.ts";
export { openRun, type OpenRunOptions } from "./open_run.ts";
export type { RowCounts, Run, SavedFile } from "./run.ts";
export { safeName } from "./safe_path.ts";
export { type VerifyFinding, verifyRun } from "./verify_run.ts";
export {
  exportTensorboard,
  type ExportTensorboardOptions,
  type TensorboardExport,
} from "./export/export_tensorboard.ts";
export type { HparamMetric, HparamValue, SessionStatus } from "./export/hparams_value.ts";
export type { PrCurveInput } from "./export/pr_curve_value.ts";
export {
  type EventOptions,
  type HparamsOptions,
  type TensorboardWriter,
  tensorboardWriter,
  type TensorboardWriterOptions,
} from "./export/tensorboard_writer.ts";
