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
export type { ConfidenceRow, ConfidenceTable } from "../metrics/confidence_table.ts";
export type { ClassDiversePicks, ClassPick, ShortClass } from "../sampling/allocate.ts";
export type { CamLabels, CamLike } from "./cam_entries.ts";
export type { CamScale } from "./cam_scale.ts";
export type { CheckMetricLike, ExplanationCheckLike } from "./check_metrics.ts";
export type { HistoryRow, HistoryRows } from "./history_rows.ts";
export { plotCamPanel } from "./plot_cam_panel.ts";
export type { PlotCamPanelOptions } from "./plot_cam_panel.ts";
export { plotConfidenceTable } from "./plot_confidence_table.ts";
export type { PlotConfidenceTableOptions } from "./plot_confidence_table.ts";
export { plotConfusionMatrices } from "./plot_confusion_matrices.ts";
export type { HeadMatrix, PlotConfusionMatricesOptions } from "./plot_confusion_matrices.ts";
export { plotConfusionMatrix } from "./plot_confusion_matrix.ts";
export type { MatrixLike, PlotConfusionMatrixOptions } from "./plot_confusion_matrix.ts";
export { plotExplanationCheck } from "./plot_explanation_check.ts";
export type { PlotExplanationCheckOptions } from "./plot_explanation_check.ts";
export { plotHistory } from "./plot_history.ts";
export type { PlotHistoryOptions } from "./plot_history.ts";
export { plotImages } from "./plot_images.ts";
export type { PlotImagesOptions } from "./plot_images.ts";
export { plotQubitAttributions } from "./plot_qubit_attributions.ts";
export type { PlotQubitAttributionsOptions } from "./plot_qubit_attributions.ts";
export { plotRandomization } from "./plot_randomization.ts";
export type { PlotRandomizationOptions, RandomizationStepLike } from "./plot_randomization.ts";
export { plotReliability } from "./plot_reliability.ts";
export type { PlotReliabilityOptions } from "./plot_reliability.ts";
export type { QubitAttributionsLike } from "./qubit_shares.ts";
export type { CheckLike } from "./verdict.ts";
