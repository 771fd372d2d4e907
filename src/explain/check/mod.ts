/**
 * Is the explanation true? Measures of maps against random ones, and whether they depend on what the
 * model learnt.
 *
 * @module
 */
export { checkExplanations, type CheckExplanationsOptions } from "./check_explanations.ts";
export type {
  Direction,
  ExplanationCheck,
  Gain,
  MaskMeasure,
  Measure,
  MethodCheck,
} from "./explanation_check.ts";
export { type ComparableCheck, comparableChecks } from "./comparable_checks.ts";
export { formatCheck } from "./format_check.ts";
export {
  type CascadeOptions,
  checkRandomization,
  type RandomizationOptions,
} from "./check_randomization.ts";
export type {
  MapComparison,
  RandomizationCheck,
  RandomizationStep,
} from "./randomization_verdict.ts";
export type { ExplainedImage, Explainer, ExplainerOptions } from "./explainer.ts";
export { rankCorrelation, structuralSimilarity } from "./similarity.ts";
export {
  type CurveOptions,
  deletionCurve,
  type DeletionOptions,
  insertionCurve,
  type PerturbationCurve,
} from "./deletion_insertion.ts";
export type { FloatImage, ScoreImages } from "./float_image.ts";
export { type ImputeOptions, imputePixels } from "./impute_pixels.ts";
export { road, type RoadOptions, type RoadScore } from "./road.ts";
export { type ConfidenceChange, confidenceChange } from "./confidence_change.ts";
export {
  energyInMask,
  type EnergyResult,
  pointingGame,
  type PointingOptions,
  type PointingResult,
} from "./localization.ts";
export type { Metric } from "../../metrics/metric.ts";
export type { ValueMap } from "../../images/resize_map.ts";
