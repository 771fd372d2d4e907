import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type { WeightDistribution, WeightDistributions } from "../metrics/weight_distributions.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { drawLegend } from "./legend.ts";
import { messageBox } from "./message_box.ts";
import { stack } from "./stack.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, seriesColour, SIZES } from "./theme.ts";

/** Options of {@linkcode plotFusionWeights}. */
export interface PlotFusionWeightsOptions {
  /** Title of the figure. @default {"Weights of the heads in the fused answer"} */
  readonly title?: string;
  /** How the heads are fused, e.g. `dynamic`; stands under the title. */
  readonly fusion?: string;
}

/**
 * Draws how much each head counts in the fused answer, over all images and by true class: a box from
 * the lower to the upper quartile, a line at the median, whiskers to the lowest and highest weight.
 *
 * @param distributions what `weightDistributions()` returned
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { weightDistributions } from "@qsight/qsight/metrics";
 * import { plotFusionWeights } from "@qsight/qsight/plots";
 *
 * const weights = [0.75, 0.25, 0.25, 0.75];
 * const found = weightDistributions({ yTrue: [0, 1], weights, heads: ["a", "b"], classes: 2 });
 * assert.match(plotFusionWeights(found).text, /a +all +2 +0\.500/);
 * ```
 */
export function plotFusionWeights(
  distributions: WeightDistributions,
  options: PlotFusionWeightsOptions = {},
): Figure {
  checkOptions("plotFusionWeights()", options, ["title", "fusion"]);
  const { title = "Weights of the heads in the fused answer", fusion } = options;
  const { heads, rows, invalid } = distributions;
  const count = rows.find((row) => row.class === null)?.count ?? 0;
  const empty = rows.every((row) => row.count === 0);
  return createFigure({
    name: "fusion_weights",
    title,
    subtitle: [
      ...(fusion === undefined ? [] : [`fusion ${fusion}`]),
      counted(heads.length, "head"),
      counted(count, "image"),
    ].join(" · "),
    body: empty ? messageBox("no weights", 340) : drawWeights(distributions),
    notes: [
      "box: quartiles and median; whiskers: lowest and highest; dot: mean",
      ...(invalid === 0 ? [] : [`${counted(invalid, "weight")} not finite, left out`]),
    ],
    text: textTable(
      ["head", "class", "n", "median", "lowest", "highest", "mean"],
      rows.map(({ head, label, count, median, lowest, highest, mean }) => [
        head,
        label ?? "all",
        String(count),
        ...[median, lowest, highest, mean].map((value) => value?.toFixed(3) ?? "n/a"),
      ]),
    ),
    data: { title, fusion: fusion ?? null, distributions },
  });
}

const BAR = 13, WIDE = 420, WIDEST_NAME = 150;

/** A group of bars for all images and for each class, a bar for each head. */
function drawWeights({ heads, classes, rows }: WeightDistributions): Drawing {
  const groups = [null, ...classes.keys()].map((c) => ({
    name: fitText(c === null ? "all images" : classes[c], WIDEST_NAME, SIZES.label),
    rows: rows.filter((row) => row.class === c),
  }));
  const left = Math.max(...groups.map(({ name }) => textWidth(name, SIZES.label, true))) + 12;
  const group = heads.length * BAR + 12, bottom = groups.length * group;
  const x = (share: number) => left + share * WIDE;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    element("line", { x1: x(share), x2: x(share), y1: 0, y2: bottom, stroke: COLOURS.grid }) +
    textElement(String(share), [x(share), bottom + 14], { size: SIZES.small, anchor: "middle" })
  );
  const bars = groups.map(({ name, rows }, g) => {
    const top = g * group + 6;
    const names = textElement(name, [left - 10, top + heads.length * BAR / 2 + 4], {
      anchor: "end",
      bold: g === 0,
    });
    const line = { x1: 0, x2: left + WIDE, y1: top - 6, y2: top - 6, stroke: COLOURS.grid };
    return (g === 0 ? "" : element("line", line)) + names +
      rows.map((row, h) => drawBox(row, { x, y: top + h * BAR, colour: seriesColour(h) })).join("");
  });
  const frame = { x: left, y: 0, width: WIDE, height: bottom, fill: "none", stroke: COLOURS.rule };
  const label = textElement("weight", [left + WIDE / 2, bottom + 30], { anchor: "middle" });
  const chart = {
    markup: grid.join("") + bars.join("") + element("rect", frame) + label,
    width: left + WIDE + 14,
    height: bottom + 36,
  };
  const legend = drawLegend(
    heads.map((label, h) => ({ label, colour: seriesColour(h), filled: true })),
    chart.width,
  );
  return stack([legend, chart], 2);
}

function drawBox(
  row: WeightDistribution,
  { x, y, colour }: { x: (share: number) => number; y: number; colour: string },
): string {
  const { lowest, lowerQuartile, median, upperQuartile, highest, mean } = row;
  const middle = y + BAR / 2;
  const numbers = [lowest, lowerQuartile, median, upperQuartile, highest, mean];
  if (numbers.some((value) => value === null)) {
    return textElement("n/a", [x(0) + 4, middle + 4], { size: SIZES.small, fill: COLOURS.muted });
  }
  const [low, lower, half, upper, high, average] = (numbers as number[]).map(x);
  return [
    element("line", { x1: low, x2: high, y1: middle, y2: middle, stroke: colour }),
    element("rect", {
      x: lower,
      y: y + 2,
      // A gate that always says the same is a line, not nothing.
      width: Math.max(1.5, upper - lower),
      height: BAR - 4,
      fill: colour,
      "fill-opacity": 0.35,
      stroke: colour,
    }),
    element("line", {
      x1: half,
      x2: half,
      y1: y + 2,
      y2: y + BAR - 2,
      stroke: COLOURS.ink,
      "stroke-width": 2,
    }),
    element("circle", { cx: average, cy: middle, r: 2.2, fill: COLOURS.ink }),
  ].join("");
}
