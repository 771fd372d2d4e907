/**
 * Staged training of a hybrid model: the loop, its callbacks, what it writes and how it ends.
 *
 * @module
 */
export type { EpochLogs, EpochRow, TrainingCallback, TrainingState } from "./callback.ts";
export { type Checkpoint, CheckpointError, loadCheckpoint } from "./checkpoint.ts";
export { evaluate, type EvaluateOptions, type Evaluation } from "./evaluate.ts";
export {
  finishTraining,
  type FinishTrainingOptions,
  summarizeHeads,
  type SummarizeHeadsOptions,
} from "./finish_training.ts";
export { fit } from "./fit.ts";
export { type FitHandle, startFit } from "./start_fit.ts";
export type { StoppedAt, StopReason } from "./stop_signals.ts";
export { warmStart, type WarmStartOptions } from "./warm_start.ts";
export type { FitOptions, OnExisting, QuantumLossOptions } from "./fit_options.ts";
export type { FitResult } from "./fit_result.ts";
export { cosineLearningRate } from "./learning_rate.ts";
export type { LossName } from "./loss_names.ts";
export { type Loss, lossNamed, type LossOptions } from "./losses.ts";
export { preflight, type PreflightOptions } from "./preflight.ts";
export type { PreflightFinding } from "./preflight_finding.ts";
export { type Progress, progressBar, type ProgressBarOptions, progressLine } from "./progress.ts";
export { type ShownProgress, showProgress } from "./show_progress.ts";
export { NonFiniteLossError } from "./non_finite_loss.ts";
export { saveFigures, type SaveFiguresOptions } from "./save_figures.ts";
export type { Imbalance } from "./check_imbalance.ts";
export {
  type EffectiveNumberOptions,
  effectiveNumberWeights,
  imageWeights,
  type InverseFrequencyOptions,
  inverseFrequencyWeights,
} from "./class_weights.ts";
export { clipGradients, type ClippedGradients } from "./clip_gradients.ts";
export {
  CollapseDetector,
  type CollapseEvent,
  type CollapseOptions,
  type CollapseState,
} from "./collapse_detector.ts";
export {
  EarlyStopping,
  type EarlyStoppingOptions,
  type EarlyStoppingState,
} from "./early_stopping.ts";
export {
  LearningRatePolicy,
  type LearningRatePolicyOptions,
  type LearningRateState,
  type PolicyName,
} from "./learning_rate_policy.ts";
export type { Direction } from "./monitor.ts";
export {
  distillation,
  type DistillationOptions,
  entropyFloor,
  type EntropyFloorOptions,
} from "./quantum_losses.ts";
export {
  type BatchSizeTrial,
  tuneBatchSize,
  type TuneBatchSizeOptions,
  type TunedBatchSize,
} from "./tune_batch_size.ts";
export {
  type NamedVariable,
  WeightAverage,
  type WeightAverageOptions,
  type WeightAverageState,
} from "./weight_average.ts";
export { tuneFit, type TuneFitOptions } from "./tune_fit.ts";
export { IncompleteRunError } from "./verify_training.ts";
export type { BatchNormMode } from "./replicas/batch_norm.ts";
export type { StageDecision } from "./replicas/decide_replicas.ts";
