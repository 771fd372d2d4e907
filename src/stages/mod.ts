/**
 * Stages of training and their masks: which layers train, which heads count, for any tf.layers
 * model and its own `fit`. A leaf: it imports no package, not even TensorFlow.js.
 *
 * @module
 */
export { ENSEMBLE, type Stage, STAGE_DEFAULTS, type StageDeclaration } from "./stage.ts";
export { defineStages, type DefineStagesOptions } from "./define_stages.ts";
export { headsFromArray, type HeadsFromArrayOptions, stageMask, stageNamed } from "./stage_mask.ts";
export {
  type BuiltInStageOptions,
  defaultStages,
  headAStages,
  headBStages,
  quantumOnlyStages,
} from "./built_in_stages.ts";
export { type AppliedStage, applyStage } from "./apply_stage.ts";
export { inMomentOrder, type NamedGradients } from "./moment_order.ts";
export type { StageLayer, StageModel, StageWeight } from "./stage_model.ts";
