import { frame, gridX, gridY, line, rectY } from "@observablehq/plot";
import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type { CalibrationBin } from "../metrics/calibration.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { drawChart } from "./draw_chart.ts";
import { drawLegend } from "./legend.ts";
import { moved, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, PALETTE, SIZES } from "./theme.ts";

/** Options of {@linkcode plotReliability}. */
export interface PlotReliabilityOptions {
  /** Title of the figure. @default {"Reliability"} */
  readonly title?: string;
  /** Which head predicted; stands under the title. */
  readonly head?: string;
}

const WIDTH = 420, LEFT = 48, RIGHT = 12;

/**
 * Draws a reliability diagram: in each bin of confidence, how often the prediction is right. Bars
 * below the diagonal mean too much confidence, above it too little. The bars below count the images.
 *
 * @param bins `expectedCalibrationError(...).bins` or `summary.calibration`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expectedCalibrationError } from "@qsight/qsight/metrics";
 * import { plotReliability } from "@qsight/qsight/plots";
 *
 * const { bins } = expectedCalibrationError([0, 1], [1, 0, 1, 0], { classes: 2, bins: 5 });
 * assert.match(plotReliability(bins, { head: "quantum" }).svg, /error 0\.50/);
 * ```
 */
export function plotReliability(
  bins: readonly CalibrationBin[],
  options: PlotReliabilityOptions = {},
): Figure {
  checkOptions("plotReliability()", options, ["title", "head"]);
  const { title = "Reliability", head } = options;
  const count = bins.reduce((total, bin) => total + bin.count, 0);
  const gap = (bin: CalibrationBin) => Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0));
  const error = bins.reduce((total, bin) => total + bin.count * gap(bin), 0) / count;
  const facts = count === 0 ? [] : [`expected calibration error ${error.toFixed(2)}`];
  const legend = drawLegend([
    { label: "share right", colour: PALETTE[0] },
    { label: "mean confidence", colour: PALETTE[1] },
    { label: "perfect", colour: COLOURS.muted, dashed: true },
  ], WIDTH);
  const shares = drawShares(bins), counts = drawCounts(bins);
  return createFigure({
    name: "reliability",
    title,
    subtitle: [...(head === undefined ? [] : [`head ${head}`]), counted(count, "image"), ...facts]
      .join(" · "),
    body: {
      markup: legend.markup + moved(shares.markup, 0, legend.height) +
        moved(counts.markup, 0, legend.height + shares.height),
      width: WIDTH,
      height: legend.height + shares.height + counts.height,
    },
    text: textTable(
      ["confidence", "n", "mean confidence", "right"],
      bins.map((bin) => [
        `${bin.low.toFixed(2)}-${bin.high.toFixed(2)}`,
        String(bin.count),
        bin.confidence?.toFixed(3) ?? "n/a",
        bin.accuracy?.toFixed(3) ?? "n/a",
      ]),
    ),
    data: { title, head: head ?? null, count, bins },
  });
}

/** Space between bars; none above, or a bar of one image would vanish. */
const BETWEEN = { insetLeft: 1, insetRight: 1 };

const margins = { marginLeft: LEFT, marginRight: RIGHT };

function drawShares(bins: readonly CalibrationBin[]): Drawing {
  const filled = bins.filter((bin) => bin.accuracy !== null);
  return drawChart({
    ...margins,
    width: WIDTH,
    height: 300,
    marginTop: 8,
    marginBottom: 8,
    x: { domain: [0, 1], axis: null },
    y: {
      domain: [0, 1],
      label: "share right",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
    },
    marks: [
      gridX({ stroke: COLOURS.grid, strokeOpacity: 1 }),
      gridY({ stroke: COLOURS.grid, strokeOpacity: 1 }),
      rectY(filled, {
        x1: "low",
        x2: "high",
        y: "accuracy",
        fill: PALETTE[0],
        fillOpacity: 0.75,
        ...BETWEEN,
      }),
      line([[0, 0], [1, 1]], { stroke: COLOURS.muted, strokeDasharray: "5 3", strokeWidth: 1.5 }),
      ...filled.map((bin) =>
        line([[bin.low, bin.confidence], [bin.high, bin.confidence]] as [number, number][], {
          stroke: PALETTE[1],
          strokeWidth: 2.5,
        })
      ),
      frame({ stroke: COLOURS.rule }),
    ],
  });
}

function drawCounts(bins: readonly CalibrationBin[]): Drawing {
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const width = WIDTH - LEFT - RIGHT;
  const chart = drawChart({
    ...margins,
    width: WIDTH,
    height: 116,
    marginTop: 20,
    marginBottom: 36,
    x: { domain: [0, 1], label: "confidence", labelAnchor: "center", labelArrow: "none", ticks: 5 },
    // The counts stand over the bars.
    y: { domain: [0, most], axis: null },
    marks: [
      rectY(bins, { x1: "low", x2: "high", y: "count", fill: COLOURS.rule, ...BETWEEN }),
      frame({ stroke: COLOURS.rule }),
    ],
  });
  const labels = bins.map((bin) =>
    textElement(String(bin.count), [LEFT + (bin.low + bin.high) / 2 * width, 15], {
      size: bins.length > 12 ? 8 : SIZES.small,
      fill: COLOURS.muted,
      anchor: "middle",
    })
  );
  const heading = textElement("n", [LEFT - 14, 15], { size: SIZES.small, fill: COLOURS.muted });
  return { ...chart, markup: chart.markup + heading + labels.join("") };
}
