import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { drawEpochPanel, EPOCH_PANEL, stageNamesFit } from "./epoch_panel.ts";
import { fitText } from "./fit_text.ts";
import { historyAxis, historyLines, metricOf } from "./history_rows.ts";
import { drawLegend } from "./legend.ts";
import { messageBox } from "./message_box.ts";
import { panelGrid } from "./panel_grid.ts";
import { seriesDash } from "./series_style.ts";
import { stack } from "./stack.ts";
import { textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { seriesColour, SIZES } from "./theme.ts";

/** What one head made of one class in one epoch, beside its numbers by name, e.g. `recall`. */
export interface ClassTrendRow {
  /** Name of the stage. */
  readonly stage: string;
  /** Counted anew in each stage, or on. */
  readonly epoch: number;
  /** Name of the head. */
  readonly head: string;
  /** Name of the class. */
  readonly label: string;
}

/** Options of {@linkcode plotClassTrends}. */
export interface PlotClassTrendsOptions {
  /** Which number of the rows to draw; a share in 0…1. @default {"recall"} */
  readonly metric?: string;
  /** Title of the figure. @default the metric by class */
  readonly title?: string;
}

const NAMES: Readonly<Record<string, string>> = {
  recall: "Recall",
  precision: "Precision",
  f1: "F1",
  specificity: "Specificity",
  meanTrueProbability: "Mean probability of the true class",
};

/**
 * Draws how each class went over the epochs of all stages: a panel for each head, a line for each
 * class, a rule where a stage begins. What is no finite number is a gap.
 *
 * @param rows of a table of the run, such as `reports/tables/class_metrics.json`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotClassTrends } from "@qsight/qsight/plots";
 *
 * const rows = [1, 2].flatMap((epoch) => [
 *   { stage: "joint", epoch, head: "quantum", label: "mild", recall: epoch / 4 },
 *   { stage: "joint", epoch, head: "quantum", label: "severe", recall: null },
 * ]);
 * assert.match(plotClassTrends(rows).text, /quantum +mild +0\.500/);
 * ```
 */
export function plotClassTrends(
  rows: readonly (ClassTrendRow | (ClassTrendRow & Readonly<Record<string, unknown>>))[],
  options: PlotClassTrendsOptions = {},
): Figure {
  checkOptions("plotClassTrends()", options, ["metric", "title"]);
  const { metric = "recall" } = options;
  const { title = `${NAMES[metric] ?? metric} by class` } = options;
  const heads = [...new Set(rows.map(({ head }) => head))];
  const labels = [...new Set(rows.map(({ label }) => label))];
  // The axis knows lines by head: here a line is a class.
  const lineRows = rows.map((row) => ({ ...row, split: row.head, head: row.label }));
  const axis = historyAxis(lineRows), numbered = !stageNamesFit(axis);
  const lines = historyLines(lineRows, { metric, axis });
  const panels = heads.map((head) => ({
    heading: textElement(fitText(head, 330, SIZES.label), [EPOCH_PANEL.left, 12], { bold: true }),
    drawing: drawEpochPanel(
      lines.filter(({ split }) => split === head).map(({ head: label, points }) => {
        const n = labels.indexOf(label);
        return { points, colour: seriesColour(n), dash: seriesDash(n) };
      }),
      { axis, numbered, domain: [-0.03, 1.03] },
    ),
  }));
  const grid = panelGrid(panels, { columns: 2, headingHeight: 18, gap: 18 });
  const legend = drawLegend(
    labels.map((label, n) => ({ label, colour: seriesColour(n), dash: seriesDash(n) })),
    Math.max(grid.width, EPOCH_PANEL.width),
  );
  const nothing = "no rows yet", stages = axis.stages.map(({ stage }, i) => `${i + 1} ${stage}`);
  const broken = rows.filter((row) => !Number.isFinite(metricOf(row, metric))).length;
  return createFigure({
    name: "class_trends",
    title,
    subtitle: `${counted(axis.last, "epoch")} in ${counted(axis.stages.length, "stage")}` +
      (numbered ? `: ${stages.join(", ")}` : ""),
    body: rows.length === 0 ? messageBox(nothing, EPOCH_PANEL.width) : stack([legend, grid], 4),
    notes: broken === 0 ? [] : [
      `${
        counted(broken, "value")
      } not defined, drawn as gaps: a class without images, or none predicted`,
    ],
    text: rows.length === 0 ? nothing : trendText(lines, metric),
    data: { title, metric, rows },
  });
}

/** First, last, lowest and highest value of each line. */
function trendText(lines: ReturnType<typeof historyLines>, metric: string): string {
  return textTable(
    ["head", "class", `last ${metric}`, "first", "lowest", "highest"],
    lines.map(({ split, head: label, points }) => {
      const values = points.map(({ value }) => value).filter(Number.isFinite);
      const written = (value: number | undefined) =>
        value === undefined || !Number.isFinite(value) ? "n/a" : value.toFixed(3);
      const ends = [values.at(-1), values[0], Math.min(...values), Math.max(...values)];
      return [split, label, ...ends.map(written)];
    }),
  );
}
