/**
 * Numbers about predictions: plain or typed arrays in, plain values out. A metric that is undefined
 * is null with a reason, never NaN.
 *
 * @module
 */
export { accuracy, balancedAccuracy } from "./accuracy.ts";
export type { ClassesOptions } from "./accuracy.ts";
export { bootstrapInterval } from "./bootstrap_interval.ts";
export type { BootstrapOptions, Interval, ResampleOptions } from "./bootstrap_interval.ts";
export { adaptiveCalibrationError } from "./adaptive_calibration.ts";
export { expectedCalibrationError, maximumCalibrationError } from "./calibration.ts";
export type { CalibrationBin, CalibrationError, CalibrationOptions } from "./calibration.ts";
export type { Labels } from "./check_labels.ts";
export { classMetricsTable } from "./class_metrics_table.ts";
export type { ClassMetricsRow, ClassMetricsTable } from "./class_metrics_table.ts";
export { classificationReport } from "./classification_report.ts";
export type { ClassificationReport, ClassReport } from "./classification_report.ts";
export { cohenKappa } from "./cohen_kappa.ts";
export type { CohenKappaOptions, KappaWeights } from "./cohen_kappa.ts";
export { confidenceDistributions } from "./confidence_distributions.ts";
export type {
  ClassConfidences,
  ConfidenceDistributions,
  ConfidenceDistributionsOptions,
} from "./confidence_distributions.ts";
export { confidenceTable } from "./confidence_table.ts";
export type { ConfidenceRow, ConfidenceTable, ConfidenceTableOptions } from "./confidence_table.ts";
export { confusionMatrix } from "./confusion_matrix.ts";
export type { ConfusionMatrix, ConfusionMatrixOptions, Normalize } from "./confusion_matrix.ts";
export { decideOutOfFold } from "./decide.ts";
export type { DecideOutOfFoldOptions, DecisionRule, Decisions } from "./decide.ts";
export { fitTemperature } from "./fit_temperature.ts";
export type { FittedTemperature } from "./fit_temperature.ts";
export { headAgreement } from "./head_agreement.ts";
export type { HeadAgreement, HeadAgreementOptions, HeadPair } from "./head_agreement.ts";
export { brier, logLoss } from "./log_loss.ts";
export { mcnemar } from "./mcnemar.ts";
export type { McNemar } from "./mcnemar.ts";
export type { Metric } from "./metric.ts";
export type { CurveOptions } from "./one_vs_rest.ts";
export { decideByThresholds, expectedGrades, fitThresholds } from "./ordinal_thresholds.ts";
export { pairedBootstrap } from "./paired_bootstrap.ts";
export type { PairedBootstrap, PairedBootstrapOptions } from "./paired_bootstrap.ts";
export { precisionRecallCurves } from "./precision_recall_curves.ts";
export type {
  ClassPrecisionRecallCurve,
  PrecisionRecallCurve,
  PrecisionRecallCurves,
} from "./precision_recall_curves.ts";
export { referableMetrics } from "./referable.ts";
export type { ReferableMetrics, ReferableOptions } from "./referable.ts";
export { rocAuc } from "./roc_auc.ts";
export type { RocAuc } from "./roc_auc.ts";
export { rocCurves } from "./roc_curves.ts";
export type { ClassRocCurve, RocCurve, RocCurves } from "./roc_curves.ts";
export { summarizePredictions } from "./summarize_predictions.ts";
export type {
  ClassIntervals,
  MetricWithInterval,
  PredictionSummary,
  SummaryOptions,
} from "./summarize_predictions.ts";
export { type SummaryFigures, summaryTable } from "./summary_table.ts";
export { type Cell, toCsv } from "./to_csv.ts";
export { weightDistributions } from "./weight_distributions.ts";
export type {
  WeightDistribution,
  WeightDistributions,
  WeightDistributionsOptions,
} from "./weight_distributions.ts";
