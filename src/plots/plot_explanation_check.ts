import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import {
  type ExplanationCheckLike,
  type MetricColumn,
  metricColumns,
  metricText,
} from "./check_metrics.ts";
import { checkWhole } from "./check_whole.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { BOLD, fitText, textWidth } from "./fit_text.ts";
import { messageBox } from "./message_box.ts";
import { methodName } from "./method_name.ts";
import { drawMetric, METRIC_SIZES, metricLegend } from "./metric_panel.ts";
import { stack } from "./stack.ts";
import { moved, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { SIZES } from "./theme.ts";
import { drawVerdict, VERDICTS, verdictText } from "./verdict.ts";

/** Options of {@linkcode plotExplanationCheck}. */
export interface PlotExplanationCheckOptions {
  /** Title of the figure. @default {"Can the explanations be believed?"} */
  readonly title?: string;
  /** Panels side by side. @default {3} */
  readonly columns?: number;
}

const { row: ROW, panel: PANEL, head: HEAD, axis: AXIS } = METRIC_SIZES;
/** Pixels between panels, and of the longest name of a method. */
const GAP = 16, WIDEST_NAME = 190;

/**
 * Compares methods of explanation: a panel for each metric, in it a dot for each method and a dashed
 * line for what random maps get. A dot is full where the method does better than random maps, hollow
 * where it does not, and a "–" stands for a missing value. Each method has its verdict beside its name, with the reasons below.
 *
 * @throws {RangeError} when a verdict or a direction is unknown, checks disagree on a direction, or
 *   `columns` is no whole number above 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotExplanationCheck } from "@qsight/qsight/plots";
 *
 * const metrics = [{ name: "deletion", value: 0.2, random: 0.5, better: "lower" as const }];
 * const check = { method: "gradcam", ok: 9, images: 10, metrics, reasons: ["beats random maps"] };
 * const figure = plotExplanationCheck([{ ...check, verdict: "trustworthy" }]);
 * assert.match(figure.text, /deletion +lower +0\.20 \(0\.50\)/);
 * ```
 */
export function plotExplanationCheck(
  checks: readonly ExplanationCheckLike[],
  options: PlotExplanationCheckOptions = {},
): Figure {
  const where = "plotExplanationCheck()";
  checkOptions(where, options, ["title", "columns"]);
  const { title = "Can the explanations be believed?", columns = 3 } = options;
  checkWhole(where, { columns }, 3);
  const metrics = metricColumns(where, checks);
  const panels = drawPanels(checks, metrics, columns);
  const width = Math.max(420, panels.width);
  // A verdict without reasons stands beside the name of its method already.
  const explained = checks.filter(({ reasons }) => reasons.length > 0 || metrics.length === 0);
  const verdicts = explained.map((check) =>
    drawVerdict(check, { width, about: methodName(check.method) })
  );
  const none = checks.length === 0 ? "no method was checked" : "no metric was measured";
  const drawings = metrics.length === 0
    ? [messageBox(none, width)]
    : [metricLegend(metrics, width), panels];
  return createFigure({
    name: "explanation_check",
    title,
    subtitle: `${counted(checks.length, "method")}, ${counted(metrics.length, "metric")}`,
    body: stack([...drawings, ...verdicts], 8),
    text: [
      checks.length === 0 ? none : checkTable(checks, metrics),
      ...checks.map((check) => verdictText(check, methodName(check.method))),
    ].join("\n"),
    data: { title, columns, checks },
  });
}

/** Rows of panels, each with the names of the methods on its left. */
function drawPanels(
  checks: readonly ExplanationCheckLike[],
  metrics: readonly MetricColumn[],
  columns: number,
): Drawing {
  const names = drawNames(checks), lines: Drawing[] = [];
  for (let from = 0; from < metrics.length; from += columns) {
    const row = metrics.slice(from, from + columns);
    const markup = row.map((metric, i) =>
      moved(drawMetric(metric), names.width + i * (PANEL + GAP), 0)
    );
    lines.push({
      markup: moved(names.markup, 0, HEAD) + markup.join(""),
      width: names.width + row.length * (PANEL + GAP) - GAP,
      height: HEAD + checks.length * ROW + AXIS,
    });
  }
  return stack(lines, 14);
}

/** Mark, name and verdict of each method, one under the other. */
function drawNames(checks: readonly ExplanationCheckLike[]): Drawing {
  const rows = checks.map(({ method, verdict, ok, images }) => ({
    ...VERDICTS[verdict],
    name: fitText(methodName(method), WIDEST_NAME / BOLD, SIZES.label),
    detail: `${verdict}, ${ok} of ${counted(images, "map")}`,
  }));
  const widest = rows.flatMap(({ name, detail }) => [
    textWidth(name, SIZES.label, true),
    textWidth(detail, SIZES.small),
  ]);
  const markup = rows.map(({ mark, colour, name, detail }, i) => {
    const y = i * ROW + ROW / 2;
    return textElement(mark, [0, y + 5], { size: 14, bold: true, fill: colour }) +
      textElement(name, [18, y - 1], { bold: true }) +
      textElement(detail, [18, y + 12], { size: SIZES.small, fill: colour });
  });
  const width = 18 + Math.max(0, ...widest) + 14;
  return { markup: markup.join(""), width, height: checks.length * ROW };
}

/** A row for each metric, a column for each method; random maps in brackets. */
function checkTable(
  checks: readonly ExplanationCheckLike[],
  metrics: readonly MetricColumn[],
): string {
  return textTable(
    ["metric (random maps)", "better", ...checks.map(({ method }) => methodName(method))],
    [
      ["verdict", "", ...checks.map(({ verdict }) => verdict)],
      ["maps", "", ...checks.map(({ ok, images }) => `${ok} of ${images}`)],
      ...metrics.map(({ name, better, values, randoms }) => [
        name,
        better,
        ...values.map((value, i) => `${metricText(value)} (${metricText(randoms[i])})`),
      ]),
    ],
  );
}
