import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type { RocCurves } from "../metrics/roc_curves.ts";
import { counted } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { curveNotes, curveText, drawCurves, type PanelCurve } from "./curve_panel.ts";

/** Options of {@linkcode plotRoc}. */
export interface PlotRocOptions {
  /** Title of the figure. @default {"ROC, each class against the rest"} */
  readonly title?: string;
  /** Which head predicted; stands under the title. */
  readonly head?: string;
}

/**
 * Draws the receiver operating characteristic of each class against the rest, and their mean, with
 * the area under each. A class without a curve is named below, with the reason.
 *
 * @param curves what `rocCurves()` returned
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rocCurves } from "@qsight/qsight/metrics";
 * import { plotRoc } from "@qsight/qsight/plots";
 *
 * const curves = rocCurves([0, 0, 1], [0.9, 0.1, 0.4, 0.6, 0.4, 0.6], { classes: ["no", "yes"] });
 * assert.match(plotRoc(curves, { head: "quantum" }).text, /yes +1 +0\.750/);
 * ```
 */
export function plotRoc(curves: RocCurves, options: PlotRocOptions = {}): Figure {
  checkOptions("plotRoc()", options, ["title", "head"]);
  const { title = "ROC, each class against the rest", head } = options;
  const all = [...curves.perClass, { ...curves.macro, label: null, support: curves.count }]
    .map(({ label, support, falsePositiveRate, truePositiveRate, auc }): PanelCurve => (
      { label, support, x: falsePositiveRate, y: truePositiveRate, area: auc }
    ));
  return createFigure({
    name: "roc",
    title,
    subtitle: [
      ...(head === undefined ? [] : [`head ${head}`]),
      counted(curves.count, "image"),
      "beside each class: area under its curve",
    ].join(" · "),
    body: drawCurves(all, {
      xLabel: "false positive rate (1 - specificity)",
      yLabel: "true positive rate (sensitivity)",
      diagonal: true,
    }),
    notes: curveNotes(all),
    text: curveText(all, "AUC"),
    data: { title, head: head ?? null, curves },
  });
}
