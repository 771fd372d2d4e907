import { dot, frame, gridY, line, type Markish, ruleY } from "@observablehq/plot";
import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { drawChart } from "./draw_chart.ts";
import { finite } from "./finite.ts";
import { fitMiddle, textWidth } from "./fit_text.ts";
import { drawLegend } from "./legend.ts";
import { messageBox } from "./message_box.ts";
import { methodName } from "./method_name.ts";
import { stack } from "./stack.ts";
import { textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, PALETTE, SIZES } from "./theme.ts";

/** How alike maps are before and after one more layer has been made random. */
export interface RandomizationStepLike {
  /** The layer that was made random in this step, with all of the steps before. */
  readonly layer: string;
  /** Rank correlation of the maps, -1 to 1; null where a map failed. */
  readonly spearman: number | null;
  /** Structural similarity of the maps, -1 to 1; null where a map failed. */
  readonly ssim: number | null;
}

/** Options of {@linkcode plotRandomization}. */
export interface PlotRandomizationOptions {
  /** Title of the figure. @default {"Do the maps depend on the weights?"} */
  readonly title?: string;
  /** Similarity below which a map counts as changed; drawn as a line. @default none */
  readonly threshold?: number;
  /** How the maps were made, such as "gradcam"; stands under the title. */
  readonly method?: string;
  /** The head that was explained; stands under the title. */
  readonly head?: string;
}

const LEFT = 48, RIGHT = 14, HEIGHT = 240, WIDEST_LABEL = 150;

/**
 * Draws the sanity check of Adebayo and others (2018, "Sanity checks for saliency maps"): layers are
 * made random one after the other, from the head downwards, and the maps are compared with those of
 * the trained model. Maps that stay alike do not depend on the weights and explain nothing.
 *
 * @param steps one for each layer, the head first
 * @throws {RangeError} when `threshold` is not from -1 to 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotRandomization } from "@qsight/qsight/plots";
 *
 * const steps = [{ layer: "head", spearman: 0.3, ssim: 0.4 }, { layer: "conv", spearman: 0.1, ssim: null }];
 * assert.match(plotRandomization(steps, { threshold: 0.5 }).text, /conv +0\.10 +–/);
 * ```
 */
export function plotRandomization(
  steps: readonly RandomizationStepLike[],
  options: PlotRandomizationOptions = {},
): Figure {
  const where = "plotRandomization()";
  checkOptions(where, options, ["title", "threshold", "method", "head"]);
  const { title = "Do the maps depend on the weights?", threshold, method, head } = options;
  if (threshold !== undefined && !(threshold >= -1 && threshold <= 1)) {
    throw new RangeError(
      `${where}: found threshold ${threshold}, wanted -1 to 1. Pass e.g. 0.5, or leave it out`,
    );
  }
  const chart = drawSteps(steps, threshold);
  const legend = drawLegend([
    { label: "Spearman", colour: PALETTE[0] },
    { label: "SSIM", colour: PALETTE[1], dashed: true },
    ...(threshold === undefined
      ? []
      : [{ label: `threshold ${threshold}`, colour: COLOURS.muted, dashed: true }]),
  ], chart.width);
  const none = "no layer was made random", empty = steps.length === 0;
  return createFigure({
    name: "randomization",
    title,
    subtitle: [
      ...(method === undefined ? [] : [`method ${methodName(method)}`]),
      ...(head === undefined ? [] : [`head ${head}`]),
      counted(steps.length, "layer"),
    ].join(" · "),
    body: empty ? messageBox(none, 340) : stack([legend, chart]),
    notes: empty ? [] : [
      "similarity to the maps of the trained model, after a layer and all left of it are random; " +
      "maps that stay alike do not depend on the weights",
      ...gapNotes(steps),
    ],
    text: empty ? none : textTable(
      ["layer", "Spearman", "SSIM"],
      steps.map(({ layer, spearman, ssim }) => [layer, written(spearman), written(ssim)]),
    ),
    data: {
      title,
      method: method ?? null,
      head: head ?? null,
      threshold: threshold ?? null,
      steps,
    },
  });
}

function written(value: number | null): string {
  return finite(value)?.toFixed(2) ?? "–";
}

/** Similarities over layers, with the names of the layers slanted below. */
function drawSteps(
  steps: readonly RandomizationStepLike[],
  threshold: number | undefined,
): Drawing {
  const names = steps.map(({ layer }) => fitMiddle(layer, WIDEST_LABEL, SIZES.small));
  const widest = Math.max(0, ...names.map((name) => textWidth(name, SIZES.small)));
  // The first name slants out to the left.
  const left = Math.max(LEFT, widest * 0.82 - 10);
  const width = Math.max(430, left + RIGHT + steps.length * 26);
  const step = (width - left - RIGHT) / Math.max(1, steps.length);
  const rows = steps.map(({ spearman, ssim }, i) => ({
    i: i + 0.5,
    spearman: finite(spearman) ?? NaN,
    ssim: finite(ssim) ?? NaN,
  }));
  const lowest = Math.min(
    0,
    ...rows.flatMap((row) => [row.spearman, row.ssim]).filter((v) => !Number.isNaN(v)),
  );
  const chart = drawChart({
    width,
    height: HEIGHT,
    marginLeft: left,
    marginRight: RIGHT,
    marginTop: 8,
    marginBottom: 6,
    x: { domain: [0, steps.length], axis: null },
    y: {
      domain: [Math.min(threshold ?? 0, lowest < 0 ? lowest - 0.05 : 0), 1.03],
      ticks: 6,
      label: "similarity",
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: 40,
    },
    marks: [
      gridY({ stroke: COLOURS.grid, strokeOpacity: 1 }),
      ruleY([0], { stroke: COLOURS.rule }),
      ...(threshold === undefined ? [] : [
        ruleY([threshold], { stroke: COLOURS.muted, strokeDasharray: "5 3", strokeWidth: 1.5 }),
      ]),
      ...similarity(rows, "ssim"),
      ...similarity(rows, "spearman"),
      frame({ stroke: COLOURS.rule }),
    ],
  });
  const labels = names.map((name, i) =>
    textElement(name, [left + (i + 0.5) * step + 4, HEIGHT + 8], {
      size: SIZES.small,
      anchor: "end",
      rotate: -38,
    })
  );
  const bottom = HEIGHT + 12 + widest * 0.62;
  const caption = textElement("layers made random, from the head downwards →", [
    left + (width - left - RIGHT) / 2,
    bottom + 12,
  ], { anchor: "middle", size: SIZES.small });
  return { markup: chart.markup + labels.join("") + caption, width, height: bottom + 18 };
}

function similarity(
  rows: readonly { i: number; spearman: number; ssim: number }[],
  y: "spearman" | "ssim",
): Markish[] {
  const dashed = y === "ssim", stroke = PALETTE[dashed ? 1 : 0];
  return [
    line(rows, {
      x: "i",
      y,
      stroke,
      strokeWidth: 1.8,
      strokeDasharray: dashed ? "5 3" : undefined,
    }),
    dot(rows.filter((row) => !Number.isNaN(row[y])), {
      x: "i",
      y,
      r: 3,
      fill: dashed ? COLOURS.background : stroke,
      stroke,
    }),
  ];
}

function gapNotes(steps: readonly RandomizationStepLike[]): string[] {
  const gaps = steps.filter(({ spearman, ssim }) =>
    finite(spearman) === null || finite(ssim) === null
  );
  return gaps.length === 0
    ? []
    : [`a gap at ${gaps.map(({ layer }) => layer).join(", ")}: no value`];
}
