import { unknownName } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { plotArchitecture } from "./plot_architecture.ts";
import { plotBrightness } from "./plot_brightness.ts";
import { camPanelFromData } from "./plot_cam_panel.ts";
import { plotCircuit } from "./plot_circuit.ts";
import { plotClassCounts } from "./plot_class_counts.ts";
import { plotClassTrends } from "./plot_class_trends.ts";
import { plotCollapseEvents } from "./plot_collapse_events.ts";
import { plotConfidenceDistributions } from "./plot_confidence_distributions.ts";
import { plotConfidenceTable } from "./plot_confidence_table.ts";
import { plotConfusionMatrices } from "./plot_confusion_matrices.ts";
import { plotConfusionMatrix } from "./plot_confusion_matrix.ts";
import { plotCurves } from "./plot_curves.ts";
import { plotExplanationCheck } from "./plot_explanation_check.ts";
import { plotFusionWeights } from "./plot_fusion_weights.ts";
import { plotHeadAgreement } from "./plot_head_agreement.ts";
import { plotHistory } from "./plot_history.ts";
import { imagesFromData } from "./plot_images.ts";
import { plotLatency } from "./plot_latency.ts";
import { plotPrecisionRecall } from "./plot_precision_recall.ts";
import { plotQubitAttributions } from "./plot_qubit_attributions.ts";
import { plotQueue } from "./plot_queue.ts";
import { plotRandomization } from "./plot_randomization.ts";
import { plotReliability } from "./plot_reliability.ts";
import { plotRoc } from "./plot_roc.ts";
import { plotWeightChanges } from "./plot_weight_changes.ts";

/** `data` of a figure after its way through JSON. What is in it is checked by the plot itself. */
// deno-lint-ignore no-explicit-any
type Saved = any;

/** For each figure name, how its `data` becomes the figure again. */
const PLOTS: Readonly<Record<string, (data: Saved) => Figure>> = {
  architecture: ({ model, ...options }) => plotArchitecture(model, options),
  brightness: ({ splits, ...options }) => plotBrightness(splits, options),
  circuit: ({ circuit, ...options }) => plotCircuit(circuit, options),
  class_counts: ({ splits, ...options }) => plotClassCounts(splits, options),
  class_trends: ({ rows, ...options }) => plotClassTrends(rows, options),
  collapse_events: ({ history, ...options }) => plotCollapseEvents(history, options),
  confidence_distributions: ({ distributions, ...options }) =>
    plotConfidenceDistributions(distributions, options),
  confidence_table: ({ title, ...table }) => plotConfidenceTable(table, given({ title })),
  confusion_matrices: ({ matrices, ...options }) =>
    plotConfusionMatrices(
      matrices.map(({ head, counts }: Saved) => ({ head, matrix: counts })),
      // Without heads there are no names of classes either.
      { ...options, labels: matrices[0]?.labels },
    ),
  confusion_matrix: ({ counts, normalized: _, ...options }) => plotConfusionMatrix(counts, options),
  curves: ({ curves, ...options }) => plotCurves(curves, given(options)),
  explanation_check: ({ checks, ...options }) => plotExplanationCheck(checks, options),
  fusion_weights: ({ distributions, ...options }) => plotFusionWeights(distributions, options),
  head_agreement: ({ agreement, ...options }) => plotHeadAgreement(agreement, options),
  gradcam: (data) => camPanelFromData(data),
  history: ({ rows, ...options }) => plotHistory(rows, options),
  images: (data) => imagesFromData(data),
  latency: ({ parts, ...options }) => plotLatency(parts, options),
  precision_recall: ({ curves, ...options }) => plotPrecisionRecall(curves, options),
  qubit_attributions: (data) => {
    const { title, top, values, features, qubits, featureNames, qubitNames } = data;
    const { head, images, diagnosis } = data;
    // JSON has no NaN, which is what a null among the values was.
    const numbers = Float32Array.from(values, (value: number | null) => value ?? NaN);
    const names = given({ featureNames, head, images, diagnosis });
    return plotQubitAttributions(
      { values: numbers, features, qubits, qubitNames, ...names },
      given({ title, top }),
    );
  },
  queue: ({ calls, ...options }) => plotQueue(calls, options),
  randomization: ({ steps, ...options }) => plotRandomization(steps, options),
  reliability: ({ bins, count: _, ...options }) => plotReliability(bins, options),
  roc: ({ curves, ...options }) => plotRoc(curves, options),
  weight_changes: ({ changes, ...options }) => plotWeightChanges(changes, options),
};

/**
 * Draws a figure again from the `data` of its JSON file: the same SVG. Panels of maps and contact
 * sheets have their pixels in there, as PNG in base64.
 *
 * @param name the `name` of the figure, e.g. `roc`; stands in the JSON file too
 * @throws {RangeError} for a name that is none of those figures
 * @throws {TypeError} when `data` is no object
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotConfusionMatrix, plotFromData } from "@qsight/qsight/plots";
 *
 * const figure = plotConfusionMatrix([[8, 2], [1, 9]], { labels: ["healthy", "ill"] });
 * const saved = JSON.stringify({ name: figure.name, data: figure.data });
 * const { name, data } = JSON.parse(saved);
 * assert.equal(plotFromData(name, data).svg, figure.svg);
 * ```
 */
export function plotFromData(name: string, data: unknown): Figure {
  const where = "plotFromData()";
  if (!Object.hasOwn(PLOTS, name)) {
    throw new RangeError(unknownName(where, "figure", String(name), Object.keys(PLOTS)));
  }
  if (data === null || typeof data !== "object" || Array.isArray(data)) {
    const found = data === null ? "null" : Array.isArray(data) ? "an array" : typeof data;
    throw new TypeError(
      `${where}: data is ${found}, wanted the object under "data" of a figure's JSON file`,
    );
  }
  return PLOTS[name](given(data));
}

/** Without what is null: in JSON that is how an option that was left out is written. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as T;
}
