import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type { PrecisionRecallCurves } from "../metrics/precision_recall_curves.ts";
import { counted } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { curveNotes, curveText, drawCurves, type PanelCurve } from "./curve_panel.ts";

/** Options of {@linkcode plotPrecisionRecall}. */
export interface PlotPrecisionRecallOptions {
  /** Title of the figure. @default {"Precision and recall, each class against the rest"} */
  readonly title?: string;
  /** Which head predicted; stands under the title. */
  readonly head?: string;
}

/**
 * Draws precision over recall of each class against the rest, and their mean, with the average
 * precision of each. A rare class is judged more harshly here than by its ROC curve.
 *
 * @param curves what `precisionRecallCurves()` returned
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { precisionRecallCurves } from "@qsight/qsight/metrics";
 * import { plotPrecisionRecall } from "@qsight/qsight/plots";
 *
 * const curves = precisionRecallCurves([0, 1], [0.9, 0.1, 0.4, 0.6], { classes: ["no", "yes"] });
 * assert.match(plotPrecisionRecall(curves).text, /yes +1 +1\.000/);
 * ```
 */
export function plotPrecisionRecall(
  curves: PrecisionRecallCurves,
  options: PlotPrecisionRecallOptions = {},
): Figure {
  checkOptions("plotPrecisionRecall()", options, ["title", "head"]);
  const { title = "Precision and recall, each class against the rest", head } = options;
  const all = [...curves.perClass, { ...curves.macro, label: null, support: curves.count }]
    .map(({ label, support, recall, precision, averagePrecision }): PanelCurve => (
      { label, support, x: recall, y: precision, area: averagePrecision }
    ));
  return createFigure({
    name: "precision_recall",
    title,
    subtitle: [
      ...(head === undefined ? [] : [`head ${head}`]),
      counted(curves.count, "image"),
      "beside each class: its average precision",
    ].join(" · "),
    body: drawCurves(all, { xLabel: "recall", yLabel: "precision", steps: true }),
    notes: curveNotes(all),
    text: curveText(all, "average precision"),
    data: { title, head: head ?? null, curves },
  });
}
