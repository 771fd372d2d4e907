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
export { expectedCalibrationError } from "./calibration.ts";
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
export { fitTemperature } from "./fit_temperature.ts";
export type { FittedTemperature } from "./fit_temperature.ts";
export { headAgreement } from "./head_agreement.ts";
export type { HeadAgreement, HeadAgreementOptions, HeadPair } from "./head_agreement.ts";
export { brier, logLoss } from "./log_loss.ts";
export type { Metric } from "./metric.ts";
export type { CurveOptions } from "./one_vs_rest.ts";
export { precisionRecallCurves } from "./precision_recall_curves.ts";
export type {
  ClassPrecisionRecallCurve,
  PrecisionRecallCurve,
  PrecisionRecallCurves,
} from "./precision_recall_curves.ts";
export { rocAuc } from "./roc_auc.ts";
export type { RocAuc } from "./roc_auc.ts";
export { rocCurves } from "./roc_curves.ts";
export type { ClassRocCurve, RocCurve, RocCurves } from "./roc_curves.ts";
export { summarizePredictions } from "./summarize_predictions.ts";
export type {
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
