import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { classNames } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { BOLD, fitText } from "./fit_text.ts";
import {
  countsOf,
  drawMatrix,
  type MatrixLike,
  matrixText,
  summary,
} from "./plot_confusion_matrix.ts";
import { panelGrid } from "./panel_grid.ts";
import { textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** One head's matrix. */
export interface HeadMatrix {
  /** Name of the head. */
  readonly head: string;
  /** Its matrix, rows = true class. */
  readonly matrix: MatrixLike;
}

/** Options of {@linkcode plotConfusionMatrices}. */
export interface PlotConfusionMatricesOptions {
  /** Class names in class order. @default "class 0", "class 1" … */
  readonly labels?: readonly string[];
  /** Title of the figure. @default {"Confusion matrices"} */
  readonly title?: string;
  /** Matrices side by side. @default {2} */
  readonly columns?: number;
}

/**
 * Draws the confusion matrices of several heads side by side, each as {@linkcode plotConfusionMatrix}
 * does.
 *
 * @throws {TypeError} when a matrix is not square
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotConfusionMatrices } from "@qsight/qsight/plots";
 *
 * const list = [{ head: "a", matrix: [[3, 0], [1, 2]] }, { head: "b", matrix: [[2, 1], [0, 3]] }];
 * assert.match(plotConfusionMatrices(list, { labels: ["no", "yes"] }).text, /head b/);
 * ```
 */
export function plotConfusionMatrices(
  list: readonly HeadMatrix[],
  options: PlotConfusionMatricesOptions = {},
): Figure {
  const where = "plotConfusionMatrices()";
  checkOptions(where, options, ["labels", "title", "columns"]);
  const { title = "Confusion matrices", columns = 2 } = options;
  const heads = list.map(({ head, matrix }) => {
    const counts = countsOf(`${where} head "${head}"`, matrix);
    return { head, counts, labels: classNames(options.labels, counts.length) };
  });
  const panels = heads.map(({ head, counts, labels }) => {
    const drawing = drawMatrix(counts, labels, { inGrid: true });
    const name = fitText(`head ${head}`, drawing.width / BOLD, SIZES.label + 1);
    const facts = fitText(summary(counts).slice(1).join(" · "), drawing.width, SIZES.small);
    const heading = textElement(name, [0, 13], { bold: true, size: SIZES.label + 1 }) +
      textElement(facts, [0, 28], { size: SIZES.small, fill: COLOURS.muted });
    return { drawing, heading };
  });
  return createFigure({
    name: "confusion_matrices",
    title,
    subtitle: list.length === 0 ? "no heads" : summary(heads[0].counts)[0],
    body: panelGrid(panels, { columns, headingHeight: 38 }),
    text: heads.map(({ head, counts, labels }) =>
      [`head ${head}: ${summary(counts).join(" · ")}`, matrixText(counts, labels)].join("\n")
    ).join("\n\n"),
    data: {
      title,
      columns,
      matrices: heads.map(({ head, counts, labels }) => ({ head, counts, labels })),
    },
  });
}
