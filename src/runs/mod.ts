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
export { findRun, type FindRunOptions, RunNotFoundError } from "./find_run.ts";
export { type ListedRun, listRuns, type ListRunsOptions, type RunStatus } from "./list_runs.ts";
export { openRun, type OpenRunOptions } from "./open_run.ts";
export { isPinned, pinRun, unpinRun } from "./pin_run.ts";
export {
  applyRetention,
  type ApplyRetentionOptions,
  type RetentionReport,
  type RetentionResult,
  type RetentionStep,
} from "./retention/apply_retention.ts";
export { ArchiveError } from "./retention/archive_error.ts";
export type { ArchiveStep } from "./retention/archive_run.ts";
export type { RetentionEntry, RetentionPlan } from "./retention/plan.ts";
export { planRetention, type PlanRetentionOptions } from "./retention/plan_retention.ts";
export type { RetentionPolicy } from "./retention/policy.ts";
export { restoreRun } from "./retention/restore_run.ts";
export type { RunMetric } from "./run_figures.ts";
export type { RetentionOutcome, RowCounts, Run, SavedFile } from "./run.ts";
export { safeName } from "./safe_path.ts";
export { type VerifyFinding, verifyRun, type VerifyRunOptions } from "./verify_run.ts";
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
export { followRun } from "./export/follow_run.ts";
export { type CloseOptions, openOutbox, type Outbox, type OutboxReport } from "./export/outbox.ts";
export type { SkippedFile } from "./export/outbox_items.ts";
export type { OutboxOptions } from "./export/outbox_options.ts";
export {
  type OutboxItem,
  type Remote,
  type RemoteCall,
  type RemoteContent,
  RemoteError,
  type RemoteErrorKind,
  type RemoteRun,
} from "./export/remote.ts";
export { type ReplayOptions, replayRun } from "./export/replay_run.ts";
export { wandbRemote, type WandbRemoteOptions } from "./export/wandb_remote.ts";
