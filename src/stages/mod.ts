/**
 * Stages of training and their masks: which layers train, which heads count, for any tf.layers
 * model and its own `fit`. A leaf: it imports no package, not even TensorFlow.js.
 *
 * @module
 */
export {
  ENSEMBLE,
  type Stage,
  STAGE_DEFAULTS,
  type StageAveraging,
  type StageDeclaration,
  type StageDefaults,
  type StageSchedule,
} from "./stage.ts";
export { annealedValue, annealingProgress } from "./annealing.ts";
export type { Annealed, AnnealingCurve, StageAnnealing } from "./stage_annealing.ts";
export { defineStages, type DefineStagesOptions } from "./define_stages.ts";
export { parseStages, type StagePlan } from "./parse_stages.ts";
export {
  type AvailableStages,
  availableStages,
  type AvailableStagesOptions,
} from "./available_stages.ts";
export { headsFromArray, type HeadsFromArrayOptions, stageMask, stageNamed } from "./stage_mask.ts";
export { type StageReplicas, stageReplicas } from "./stage_replicas.ts";
export {
  type BuiltInStageOptions,
  defaultStages,
  fullStages,
  headAStages,
  headBStages,
  PLANS,
  quantumOnlyStages,
} from "./built_in_stages.ts";
export { PARTS } from "./parts.ts";
export { type AppliedStage, applyStage, type MaskedPass } from "./apply_stage.ts";
export { type AppliedMask, applyMask } from "./apply_mask.ts";
export type { RecordedMask } from "./recorded_mask.ts";
export { inMomentOrder, type NamedGradients } from "./moment_order.ts";
export type { StageLayer, StageModel, StageWeight } from "./stage_model.ts";
