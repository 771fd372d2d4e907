/**
 * Numbers in, figures out: each figure is an SVG with explicit colours, a PNG, a text and the data
 * behind it. Nothing is shown or written by itself.
 *
 * @module
 */
export { jupyterDisplay } from "../_internal/figure.ts";
export type { Figure } from "../_internal/figure.ts";
export type { ColourMapName } from "../images/colour_map.ts";
export type { RgbImage } from "../images/rgb_image.ts";
export type { CalibrationBin } from "../metrics/calibration.ts";
export type {
  ClassConfidences,
  ConfidenceDistributions,
} from "../metrics/confidence_distributions.ts";
export type { ConfidenceRow, ConfidenceTable } from "../metrics/confidence_table.ts";
export type { HeadAgreement, HeadPair } from "../metrics/head_agreement.ts";
export type { Metric } from "../metrics/metric.ts";
export type {
  ClassPrecisionRecallCurve,
  PrecisionRecallCurve,
  PrecisionRecallCurves,
} from "../metrics/precision_recall_curves.ts";
export type { ClassRocCurve, RocCurve, RocCurves } from "../metrics/roc_curves.ts";
export type { WeightDistribution, WeightDistributions } from "../metrics/weight_distributions.ts";
export type { ClassDiversePicks, ClassPick, ShortClass } from "../sampling/class_diverse_picks.ts";
export type { ArchitectureLike, PartParameters } from "./architecture_boxes.ts";
export type { CamLabels, CamLike } from "./cam_entries.ts";
export type { CamScale } from "./cam_scale.ts";
export type { CheckMetricLike, ExplanationCheckLike } from "./check_metrics.ts";
export type { AffineInputLike, AngleLike, CircuitLike, OperationLike } from "./circuit_layout.ts";
export { darkFigure, darkSvg } from "./dark_figure.ts";
export type { HistoryRow, HistoryRows } from "./history_rows.ts";
export { plotArchitecture } from "./plot_architecture.ts";
export type { PlotArchitectureOptions } from "./plot_architecture.ts";
export { plotBrightness } from "./plot_brightness.ts";
export type { PlotBrightnessOptions, SplitBrightness } from "./plot_brightness.ts";
export { plotCamPanel } from "./plot_cam_panel.ts";
export type { PlotCamPanelOptions } from "./plot_cam_panel.ts";
export { plotCircuit } from "./plot_circuit.ts";
export type { PlotCircuitOptions } from "./plot_circuit.ts";
export { plotClassCounts } from "./plot_class_counts.ts";
export type { PlotClassCountsOptions, SplitCounts } from "./plot_class_counts.ts";
export { plotClassTrends } from "./plot_class_trends.ts";
export type { ClassTrendRow, PlotClassTrendsOptions } from "./plot_class_trends.ts";
export { plotCollapseEvents } from "./plot_collapse_events.ts";
export type {
  CollapseEventLike,
  CollapseHistory,
  PlotCollapseEventsOptions,
  PredictedShares,
} from "./plot_collapse_events.ts";
export { plotConfidenceDistributions } from "./plot_confidence_distributions.ts";
export type { PlotConfidenceDistributionsOptions } from "./plot_confidence_distributions.ts";
export { plotConfidenceTable } from "./plot_confidence_table.ts";
export type { PlotConfidenceTableOptions } from "./plot_confidence_table.ts";
export { plotConfusionMatrices } from "./plot_confusion_matrices.ts";
export type { HeadMatrix, PlotConfusionMatricesOptions } from "./plot_confusion_matrices.ts";
export { plotConfusionMatrix } from "./plot_confusion_matrix.ts";
export type { MatrixLike, PlotConfusionMatrixOptions } from "./plot_confusion_matrix.ts";
export { plotCurves } from "./plot_curves.ts";
export type { Curve, PlotCurvesOptions } from "./plot_curves.ts";
export { plotExplanationCheck } from "./plot_explanation_check.ts";
export type { PlotExplanationCheckOptions } from "./plot_explanation_check.ts";
export { plotFromData } from "./plot_from_data.ts";
export { plotFusionWeights } from "./plot_fusion_weights.ts";
export type { PlotFusionWeightsOptions } from "./plot_fusion_weights.ts";
export { plotHeadAgreement } from "./plot_head_agreement.ts";
export type { PlotHeadAgreementOptions } from "./plot_head_agreement.ts";
export { plotHistory } from "./plot_history.ts";
export type { PlotHistoryOptions } from "./plot_history.ts";
export { plotImages } from "./plot_images.ts";
export type { PlotImagesOptions } from "./plot_images.ts";
export { plotLatency } from "./plot_latency.ts";
export type { PartLatency, PlotLatencyOptions } from "./plot_latency.ts";
export { plotPrecisionRecall } from "./plot_precision_recall.ts";
export type { PlotPrecisionRecallOptions } from "./plot_precision_recall.ts";
export { plotQubitAttributions } from "./plot_qubit_attributions.ts";
export type { PlotQubitAttributionsOptions } from "./plot_qubit_attributions.ts";
export { plotQueue } from "./plot_queue.ts";
export type { PlotQueueOptions, QueuedCall } from "./plot_queue.ts";
export { plotRandomization } from "./plot_randomization.ts";
export type { PlotRandomizationOptions, RandomizationStepLike } from "./plot_randomization.ts";
export { plotReliability } from "./plot_reliability.ts";
export type { PlotReliabilityOptions } from "./plot_reliability.ts";
export { plotRoc } from "./plot_roc.ts";
export type { PlotRocOptions } from "./plot_roc.ts";
export { plotWeightChanges } from "./plot_weight_changes.ts";
export type { PlotWeightChangesOptions, WeightChanges } from "./plot_weight_changes.ts";
export type { QubitAttributionsLike } from "./qubit_shares.ts";
export type { CheckLike } from "./verdict.ts";
