import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { drawEpochPanel, EPOCH_PANEL, stageNamesFit } from "./epoch_panel.ts";
import {
  type HistoryAxis,
  historyAxis,
  type HistoryLine,
  historyLines,
  type HistoryRows,
  metricOf,
} from "./history_rows.ts";
import { drawLegend } from "./legend.ts";
import { panelGrid } from "./panel_grid.ts";
import { moved, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, seriesColour } from "./theme.ts";

/** Options of {@linkcode plotHistory}. */
export interface PlotHistoryOptions {
  /** Which numbers to draw, one panel each. @default loss, accuracy, balancedAccuracy, quadraticWeightedKappa, as far as rows hold them */
  readonly metrics?: readonly string[];
  /** Title of the figure. @default {"Training history"} */
  readonly title?: string;
}

const USUAL = ["loss", "quadraticWeightedKappa", "accuracy", "balancedAccuracy"];
const NAMES: Readonly<Record<string, string>> = {
  quadraticWeightedKappa: "quadratic weighted kappa",
  balancedAccuracy: "balanced accuracy",
};

/**
 * Draws how metrics went over the epochs of all stages: one panel per metric, one colour per head,
 * validation solid, training dashed, a rule where a stage begins.
 *
 * @param rows rows of `metrics.jsonl`: stage, epoch, split, head and numbers by name
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotHistory } from "@qsight/qsight/plots";
 *
 * const rows = [1, 2, 3].flatMap((epoch) => [
 *   { stage: "classical", epoch, split: "train", head: "classical_a", loss: 1 / epoch },
 *   { stage: "classical", epoch, split: "val", head: "classical_a", loss: 1.2 / epoch },
 * ]);
 * const figure = plotHistory(rows, { title: "First run" });
 * assert.match(figure.svg, /First run/);
 * assert.match(figure.text, /classical_a/);
 * ```
 */
export function plotHistory(
  rows: HistoryRows,
  options: PlotHistoryOptions = {},
): Figure {
  checkOptions("plotHistory()", options, ["metrics", "title"]);
  const { title = "Training history" } = options;
  const metrics = options.metrics ?? USUAL.filter((name) => rows.some((row) => name in row));
  const axis = historyAxis(rows);
  const heads = [...new Set(rows.map((row) => row.head))];
  const splits = [...new Set(rows.map((row) => row.split))];
  const numbered = !stageNamesFit(axis);
  const styled = ({ head, split, points }: HistoryLine) => ({
    points,
    colour: seriesColour(heads.indexOf(head)),
    hollow: split === "train",
    dash: split === "train" ? "5 3" : undefined,
  });
  const panels = metrics.map((metric) => {
    const lines = historyLines(rows, { metric, axis });
    return {
      heading: textElement(NAMES[metric] ?? metric, [EPOCH_PANEL.left, 12], { bold: true }),
      drawing: drawEpochPanel(lines.map(styled), { axis, numbered }),
    };
  });
  const nothing = textElement("no rows yet", [0, 12], { fill: COLOURS.muted });
  if (panels.length === 0) {
    panels.push({ heading: "", drawing: { markup: nothing, width: EPOCH_PANEL.width, height: 0 } });
  }
  const grid = panelGrid(panels, { columns: 2, headingHeight: 18, gap: 18 });
  const legend = drawLegend([
    ...heads.map((head, i) => ({ label: head, colour: seriesColour(i) })),
    ...splits.map((split) => ({ label: split, colour: COLOURS.muted, dashed: split === "train" })),
  ], Math.max(grid.width, EPOCH_PANEL.width));
  const names = axis.stages.map(({ stage }, i) => `${i + 1} ${stage}`).join(", ");
  return createFigure({
    name: "history",
    title,
    subtitle: `${counted(axis.last, "epoch")} in ${counted(axis.stages.length, "stage")}` +
      (numbered ? `: ${names}` : ""),
    body: {
      markup: legend.markup + moved(grid.markup, 0, legend.height + 4),
      width: Math.max(grid.width, legend.width),
      height: legend.height + 4 + grid.height,
    },
    notes: gapNotes(rows, metrics),
    text: historyText(rows, metrics, axis),
    data: { title, metrics, rows },
  });
}

function gapNotes(rows: HistoryRows, metrics: readonly string[]): string[] {
  return metrics.flatMap((metric) => {
    const broken = rows.filter((row) =>
      metric in row && !Number.isFinite(metricOf(row, metric))
    ).length;
    return broken === 0 ? [] : [`${metric}: ${counted(broken, "value")} not finite, drawn as gaps`];
  });
}

/** The last epoch of each stage as a table. */
function historyText(
  rows: HistoryRows,
  metrics: readonly string[],
  axis: HistoryAxis,
): string {
  const ends = new Set(axis.stages.map(({ last }) => last));
  const last = new Map<string, string[]>();
  for (const row of rows.filter((row) => ends.has(axis.positionOf(row)))) {
    const { stage, epoch, split, head } = row;
    const numbers = metrics.map((name) => {
      const value = metricOf(row, name);
      return typeof value === "number" && Number.isFinite(value) ? value.toFixed(3) : "-";
    });
    last.set(JSON.stringify([stage, split, head]), [stage, String(epoch), split, head, ...numbers]);
  }
  if (last.size === 0) return "no rows yet";
  return textTable(["stage", "epoch", "split", "head", ...metrics], [...last.values()]);
}
