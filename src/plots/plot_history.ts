import { dot, frame, gridY, line, type Markish, ruleX } from "@observablehq/plot";
import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { drawChart } from "./draw_chart.ts";
import { fitText, textWidth } from "./fit_text.ts";
import {
  type HistoryAxis,
  historyAxis,
  type HistoryLine,
  historyLines,
  type HistoryRows,
  metricOf,
} from "./history_rows.ts";
import { drawLegend } from "./legend.ts";
import { paddedDomain } from "./padded_domain.ts";
import { panelGrid } from "./panel_grid.ts";
import { moved, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, seriesColour, SIZES } from "./theme.ts";

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
const WIDTH = 430, HEIGHT = 236, LEFT = 48, RIGHT = 10;

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
  const panels = metrics.map((metric) => {
    const lines = historyLines(rows, { metric, axis });
    return {
      heading: textElement(NAMES[metric] ?? metric, [LEFT, 12], { bold: true }),
      drawing: drawPanel(lines, { axis, heads, numbered }),
    };
  });
  const nothing = textElement("no rows yet", [0, 12], { fill: COLOURS.muted });
  if (panels.length === 0) {
    panels.push({ heading: "", drawing: { markup: nothing, width: WIDTH, height: 0 } });
  }
  const grid = panelGrid(panels, { columns: 2, headingHeight: 18, gap: 18 });
  const legend = drawLegend([
    ...heads.map((head, i) => ({ label: head, colour: seriesColour(i) })),
    ...splits.map((split) => ({ label: split, colour: COLOURS.muted, dashed: split === "train" })),
  ], Math.max(grid.width, WIDTH));
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

function drawPanel(
  lines: readonly HistoryLine[],
  { axis, heads, numbered }: { axis: HistoryAxis; heads: readonly string[]; numbered: boolean },
): Drawing {
  const domain = [0.5, Math.max(axis.last, 1) + 0.5];
  const step = tickStep(axis.last);
  const ticks = Array.from({ length: axis.last }, (_, i) => i + 1).filter((n) => n % step === 0);
  const colourOf = ({ head }: HistoryLine) => seriesColour(heads.indexOf(head));
  const chart = drawChart({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: 20,
    marginBottom: 34,
    x: {
      domain,
      ticks: ticks.length === 0 ? [1] : ticks,
      tickFormat: "d",
      label: "epoch",
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: {
      domain: paddedDomain(lines.flatMap(({ points }) => points.map(({ value }) => value))),
      label: null,
      ticks: 6,
    },
    marks: [
      gridY({ stroke: COLOURS.grid, strokeOpacity: 1 }),
      ruleX(axis.stages.slice(1).map(({ first }) => first - 0.5), { stroke: COLOURS.rule }),
      ...lines.flatMap((one) =>
        lineMarks(one, { colour: colourOf(one), allDots: axis.last <= 40 })
      ),
      frame({ stroke: COLOURS.rule }),
    ],
  });
  return { ...chart, markup: chart.markup + stageLabels(axis, numbered) };
}

/** 1, 2 or 5 times a power of ten, so that there are at most ten ticks. */
function tickStep(last: number): number {
  for (let power = 1;; power *= 10) {
    const step = [1, 2, 5].find((digit) => last / (digit * power) <= 10);
    if (step !== undefined) return step * power;
  }
}

function lineMarks(
  { split, points }: HistoryLine,
  { colour, allDots }: { colour: string; allDots: boolean },
): Markish[] {
  const training = split === "train", gap = (i: number) => !Number.isFinite(points[i]?.value);
  // A stage of one epoch, or a value between two gaps, is a dot or nothing.
  const dots = points.filter((_, i) => !gap(i) && (allDots || (gap(i - 1) && gap(i + 1))));
  const strokeDasharray = training ? "5 3" : undefined;
  return [
    line(points, { x: "x", y: "value", stroke: colour, strokeWidth: 1.8, strokeDasharray }),
    dot(dots, {
      x: "x",
      y: "value",
      r: 2,
      fill: training ? COLOURS.background : colour,
      stroke: colour,
    }),
  ];
}

function stageBox(axis: HistoryAxis, first: number, last: number): { x: number; width: number } {
  const perEpoch = (WIDTH - LEFT - RIGHT) / Math.max(axis.last, 1);
  return { x: LEFT + (first - 1) * perEpoch, width: (last - first + 1) * perEpoch };
}

/** Whether every stage is long enough for its name; otherwise stages are numbered. */
function stageNamesFit(axis: HistoryAxis): boolean {
  return axis.stages.every(({ stage, first, last }) =>
    textWidth(stage, SIZES.small) <= stageBox(axis, first, last).width - 6
  );
}

function stageLabels(axis: HistoryAxis, numbered: boolean): string {
  return axis.stages.map(({ stage, first, last }, i) => {
    const { x, width } = stageBox(axis, first, last);
    const name = numbered ? String(i + 1) : stage;
    return textElement(fitText(name, Math.max(12, width), SIZES.small), [x + width / 2, 14], {
      size: SIZES.small,
      fill: COLOURS.muted,
      anchor: "middle",
    });
  }).join("");
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
