import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { drawLegend } from "./legend.ts";
import { messageBox } from "./message_box.ts";
import { stack } from "./stack.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, seriesColour, SIZES } from "./theme.ts";

/** How bright the images of a split are. */
export interface SplitBrightness {
  /** Name of the split, e.g. `train`. */
  readonly split: string;
  /** Images in each of equal parts of [0, 1]. */
  readonly histogram: readonly number[];
  /** Mean over the images. */
  readonly mean: number;
  /** Standard deviation over the images. */
  readonly sd: number;
}

/** Options of {@linkcode plotBrightness}. */
export interface PlotBrightnessOptions {
  /** Title of the figure. @default {"Brightness of the images"} */
  readonly title?: string;
}

const WIDE = 420, HIGH = 170;

/**
 * Draws how the mean grey of the images is distributed in each split, as shares of the split. Splits
 * from other cameras or other preparations show as curves apart.
 *
 * @throws {RangeError} when the histograms differ in their number of parts
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotBrightness } from "@qsight/qsight/plots";
 *
 * const figure = plotBrightness([{ split: "train", histogram: [1, 3], mean: 0.6, sd: 0.1 }]);
 * assert.match(figure.text, /train +4 +0\.600 +0\.100/);
 * ```
 */
export function plotBrightness(
  splits: readonly SplitBrightness[],
  options: PlotBrightnessOptions = {},
): Figure {
  const where = "plotBrightness()";
  checkOptions(where, options, ["title"]);
  const { title = "Brightness of the images" } = options;
  const parts = splits[0]?.histogram.length ?? 0;
  const other = splits.find(({ histogram }) => histogram.length !== parts);
  if (other !== undefined) {
    throw new RangeError(
      `${where}: found histograms of ${parts} and ${other.histogram.length} parts, wanted as many ` +
        "in each split. Count them over the same parts",
    );
  }
  const totals = splits.map(({ histogram }) => histogram.reduce((a, b) => a + b, 0));
  return createFigure({
    name: "brightness",
    title,
    subtitle: "mean grey of an image, 0 is black and 1 white · share of the split",
    body: totals.every((total) => total === 0)
      ? messageBox("no images", 340)
      : drawSteps(splits, totals),
    text: textTable(
      ["split", "images", "mean", "sd"],
      splits.map(({ split, mean, sd }, s) => [
        split,
        String(totals[s]),
        mean.toFixed(3),
        sd.toFixed(3),
      ]),
    ),
    data: { title, splits },
  });
}

function drawSteps(splits: readonly SplitBrightness[], totals: readonly number[]): Drawing {
  const shares = splits.map(({ histogram }, s) => histogram.map((n) => n / (totals[s] || 1)));
  const most = Math.max(...shares.flat());
  const x = (value: number) => value * WIDE,
    y = (share: number) => HIGH - share / most * (HIGH - 8);
  const steps = shares.map((one, s) => {
    const points = one.flatMap((share, i) => [
      `${x(i / one.length)},${y(share)}`,
      `${x((i + 1) / one.length)},${y(share)}`,
    ]);
    return element("polyline", {
      points: [`0,${HIGH}`, ...points, `${WIDE},${HIGH}`].join(" "),
      fill: "none",
      stroke: seriesColour(s),
      "stroke-width": 1.8,
    }) +
      element("line", {
        ...{ x1: x(splits[s].mean), x2: x(splits[s].mean), y1: HIGH, y2: HIGH - 10 },
        ...{ stroke: seriesColour(s), "stroke-width": 3 },
      });
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((value) =>
    textElement(String(value), [x(value), HIGH + 14], { size: SIZES.small, anchor: "middle" })
  );
  const frame = { x: 0, y: 0, width: WIDE, height: HIGH, fill: "none", stroke: COLOURS.rule };
  const label = textElement("mean grey; a mark at the mean of the split", [WIDE / 2, HIGH + 30], {
    anchor: "middle",
  });
  const markup = element("rect", frame) + steps.join("") + ticks.join("") + label;
  const legend = drawLegend(
    splits.map(({ split }, s) => ({ label: split, colour: seriesColour(s) })),
    WIDE,
  );
  return stack([legend, { markup, width: WIDE + 14, height: HIGH + 36 }], 2);
}
