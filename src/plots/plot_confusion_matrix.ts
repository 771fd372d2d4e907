import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { accuracyOf } from "../metrics/accuracy.ts";
import { cohenKappaOf } from "../metrics/cohen_kappa.ts";
import { normalizeCounts, rowTotals } from "../metrics/confusion_matrix.ts";
import { classNames, counted, percent } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { drawHeatGrid, type HeatCell } from "./heat_grid.ts";
import { textTable } from "./text_table.ts";

/** Counts as a matrix (rows = true class), or the result of `confusionMatrix()`. */
export type MatrixLike =
  | readonly (readonly number[])[]
  | { readonly counts: readonly (readonly number[])[] };

/** Options of {@linkcode plotConfusionMatrix}. */
export interface PlotConfusionMatrixOptions {
  /** Class names in class order. @default "class 0", "class 1" … */
  readonly labels?: readonly string[];
  /** Title of the figure. @default {"Confusion matrix"} */
  readonly title?: string;
  /** Which head predicted; stands under the title. */
  readonly head?: string;
}

/**
 * Draws a confusion matrix: colours and percentages are shares of the true class (rows), the number
 * in brackets is the count. A class without images is a grey row of "n/a".
 *
 * @throws {TypeError} when the matrix is not square or holds something else than counts
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotConfusionMatrix } from "@qsight/qsight/plots";
 *
 * const figure = plotConfusionMatrix([[8, 2], [1, 9]], { labels: ["healthy", "ill"] });
 * assert.match(figure.svg, /80 %/);
 * assert.match(figure.text, /healthy/);
 * ```
 */
export function plotConfusionMatrix(
  matrix: MatrixLike,
  options: PlotConfusionMatrixOptions = {},
): Figure {
  const where = "plotConfusionMatrix()";
  checkOptions(where, options, ["labels", "title", "head"]);
  const { title = "Confusion matrix", head } = options;
  const counts = countsOf(where, matrix);
  const labels = classNames(options.labels, counts.length);
  return createFigure({
    name: "confusion_matrix",
    title,
    subtitle: [...(head === undefined ? [] : [`head ${head}`]), ...summary(counts)].join(" · "),
    body: drawMatrix(counts, labels),
    text: matrixText(counts, labels),
    data: {
      counts,
      normalized: normalizeCounts(counts, "true"),
      labels,
      title,
      head: head ?? null,
    },
  });
}

/** The counts, checked. */
export function countsOf(where: string, matrix: MatrixLike): readonly (readonly number[])[] {
  const counts = "counts" in matrix ? matrix.counts : matrix;
  const square = counts.length > 0 && counts.every((row) => row.length === counts.length);
  const numbers = square && counts.flat().every((count) => Number.isFinite(count) && count >= 0);
  if (numbers) return counts;
  throw new TypeError(
    `${where}: found ${counts.length} rows of ${
      counts.map((row) => row.length).join(", ")
    } values` +
      `${square ? ", one of them no count" : ""}, wanted a square matrix of counts. ` +
      `Make one with confusionMatrix(yTrue, yPred, { classes })`,
  );
}

/** One matrix without a title; in a grid of several without the bar of colours, and narrower. */
export function drawMatrix(
  counts: readonly (readonly number[])[],
  labels: readonly string[],
  { inGrid = false }: { readonly inGrid?: boolean } = {},
): Drawing {
  const shares = normalizeCounts(counts, "true"), totals = rowTotals(counts);
  const cell = (count: number, share: number | null): HeatCell =>
    share === null
      ? { share: null, main: "n/a" }
      : { share, main: percent(share), detail: `(${count})` };
  return drawHeatGrid({
    rows: labels.map((label, c) => ({ label, detail: `n = ${totals[c]}` })),
    columns: labels,
    cells: counts.map((row, t) => row.map((count, p) => cell(count, shares[t][p]))),
    rowTitle: "true",
    columnTitle: "predicted",
    // Two beside each other fit a cell of JupyterLab, which shows SVG unscaled.
    ...inGrid && { bar: null, cellWidth: Math.max(22, Math.min(58, 520 / labels.length)) },
  });
}

/** The matrix as an aligned table. */
export function matrixText(
  counts: readonly (readonly number[])[],
  labels: readonly string[],
): string {
  const shares = normalizeCounts(counts, "true");
  return textTable(
    ["true \\ predicted", ...labels],
    counts.map((row, t) => [
      labels[t],
      ...row.map((count, p) => {
        const share = shares[t][p];
        return share === null ? "n/a" : `${percent(share)} (${count})`;
      }),
    ]),
  );
}

/** Number of images, accuracy and quadratic weighted kappa in words. */
export function summary(counts: readonly (readonly number[])[]): string[] {
  const images = rowTotals(counts).reduce((all, row) => all + row, 0);
  const accuracy = accuracyOf(counts).value;
  const kappa = cohenKappaOf(counts, "quadratic").value;
  return [
    counted(images, "image"),
    ...(accuracy === null ? [] : [`accuracy ${percent(accuracy)}`]),
    ...(kappa === null ? [] : [`quadratic weighted kappa ${kappa.toFixed(2)}`]),
  ];
}
