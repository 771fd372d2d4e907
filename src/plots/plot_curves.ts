import { dot, frame, gridX, gridY, line } from "@observablehq/plot";
import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { drawChart } from "./draw_chart.ts";
import { finite } from "./finite.ts";
import { drawLegend } from "./legend.ts";
import { messageBox } from "./message_box.ts";
import { seriesDash } from "./series_style.ts";
import { stack } from "./stack.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, seriesColour } from "./theme.ts";

/** A named line through points. */
export interface Curve {
  /** Stands in the legend. */
  readonly name: string;
  /** Rising, in the unit of the axis. */
  readonly x: readonly number[];
  /** As many as `x`; null leaves a gap. */
  readonly y: readonly (number | null)[];
}

/** Options of {@linkcode plotCurves}. */
export interface PlotCurvesOptions {
  /** Title of the figure. @default {"Curves"} */
  readonly title?: string;
  /** Under the title. */
  readonly subtitle?: string;
  /** What x is, with its unit. @default {"x"} */
  readonly xLabel?: string;
  /** What y is, with its unit. @default {"y"} */
  readonly yLabel?: string;
  /** Logarithmic axes leave out what is not above 0, and say so. @default {"linear"} */
  readonly xScale?: "linear" | "log";
  /** As `xScale`. @default {"linear"} */
  readonly yScale?: "linear" | "log";
}

const OPTIONS = ["title", "subtitle", "xLabel", "yLabel", "xScale", "yScale"] as const;
const SCALES: readonly unknown[] = ["linear", "log"];

/**
 * Draws lines through measured points, on linear or logarithmic axes.
 *
 * @throws {RangeError} when a curve has not as many y as x, or for an unknown scale
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotCurves } from "@qsight/qsight/plots";
 *
 * const error = { name: "sampled", x: [100, 10_000], y: [0.1, 0.01] };
 * const look = { xLabel: "shots", yLabel: "error", xScale: "log", yScale: "log" } as const;
 * assert.match(plotCurves([error], look).text, /sampled +10000 +0\.01/);
 * ```
 */
export function plotCurves(curves: readonly Curve[], options: PlotCurvesOptions = {}): Figure {
  const where = "plotCurves()";
  checkOptions(where, options, OPTIONS);
  const { title = "Curves", subtitle, xLabel = "x", yLabel = "y" } = options;
  const { xScale = "linear", yScale = "linear" } = options;
  for (const [name, scale] of Object.entries({ xScale, yScale })) {
    if (!SCALES.includes(scale)) {
      throw new RangeError(`${where}: found ${name} "${scale}", wanted "linear" or "log"`);
    }
  }
  for (const { name, x, y } of curves) {
    if (x.length === y.length) continue;
    throw new RangeError(
      `${where}: found ${x.length} x and ${y.length} y for "${name}", wanted as many of both. ` +
        `Pass null where there is no y`,
    );
  }
  const fits = (value: number | null, scale: string) =>
    finite(value) !== null && (scale === "linear" || (value as number) > 0);
  const points = curves.map(({ x, y }) =>
    x.map((at, i) => [at, fits(at, xScale) && fits(y[i], yScale) ? y[i] : null] as const)
  );
  const missing = points.flat().filter(([, y]) => y === null).length;
  const empty = missing === points.flat().length;
  return createFigure({
    name: "curves",
    title,
    subtitle,
    body: empty ? messageBox("no points", 340) : stack([
      drawLegend(
        curves.map(({ name }, n) => ({
          label: name,
          colour: seriesColour(n),
          dash: seriesDash(n),
        })),
        WIDTH,
      ),
      drawLines(points, { xLabel, yLabel, xScale, yScale }),
    ], 2),
    notes: missing === 0 ? [] : [`${counted(missing, "point")} without a place on these axes`],
    text: textTable(
      ["curve", xLabel, yLabel],
      curves.flatMap(({ name, x, y }) =>
        x.map((at, i) => [name, digits(at), finite(y[i]) === null ? "n/a" : digits(y[i]!)])
      ),
    ),
    data: {
      ...{ title, subtitle: subtitle ?? null, xLabel, yLabel, xScale, yScale },
      curves: curves.map(({ name, x, y }) => ({ name, x: [...x], y: [...y] })),
    },
  });
}

const WIDTH = 480, HEIGHT = 320;
/** Dots of longer curves would run into each other. */
const MOST_DOTS = 30;

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function drawLines(
  points: readonly (readonly (readonly [number, number | null])[])[],
  look: Required<Pick<PlotCurvesOptions, "xLabel" | "yLabel" | "xScale" | "yScale">>,
): Drawing {
  const kept = points.flat().filter(([, y]) => y !== null) as (readonly [number, number])[];
  const axis = (type: "linear" | "log", label: string, values: readonly number[]) => ({
    ...{ type, label, labelAnchor: "center", labelArrow: "none" } as const,
    ...(type === "log" ? logarithmic(values) : { nice: true, ticks: 5 }),
  });
  const x = axis(look.xScale, look.xLabel, kept.map(([at]) => at));
  const y = axis(look.yScale, look.yLabel, kept.map(([, at]) => at));
  const grid = { stroke: COLOURS.grid, strokeOpacity: 1 };
  return drawChart({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 58,
    marginRight: 14,
    marginTop: 8,
    marginBottom: 38,
    x,
    y,
    marks: [
      gridX({ ...grid, ticks: x.ticks }),
      gridY({ ...grid, ticks: y.ticks }),
      ...points.flatMap((curve, n) => {
        const drawn = curve.map(([x, y]) => [x, y ?? NaN] as [number, number]);
        const stroke = seriesColour(n);
        return [
          line(drawn, { stroke, strokeWidth: 1.8, strokeDasharray: seriesDash(n) }),
          ...(curve.length <= MOST_DOTS ? [dot(drawn, { fill: stroke, r: 3 })] : []),
        ];
      }),
      frame({ stroke: COLOURS.rule }),
    ],
  });
}

/** Ends at 1, 2 or 5 of a power of ten; ticks at powers of ten, where there are few also between. */
function logarithmic(values: readonly number[]): {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly tickFormat: (value: number) => string;
} {
  const least = Math.min(...values), most = Math.max(...values);
  const low = Math.floor(Math.log10(least)), high = Math.ceil(Math.log10(most));
  const all = Array.from({ length: high - low + 1 }, (_, i) => low + i)
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  const first = all.findLastIndex((tick) => tick <= least);
  const last = Math.max(all.findIndex((tick) => tick >= most), first + 1);
  const between = all.slice(first, last + 1);
  const powers = between.filter((tick) => /^1(0*$|e)|^0\.0*1$/.test(String(tick)));
  const ticks = powers.length > 2 ? powers : between;
  return { domain: [all[first], all[last]], ticks, tickFormat: plainNumber };
}

/** 0.01, 1, 100; beyond that 1e-6, 1e5. By default 1k and 100µ would stand there. */
function plainNumber(value: number): string {
  const plain = value >= 0.001 && value < 100_000;
  return plain ? String(Number(value.toPrecision(3))) : value.toExponential().replace("+", "");
}
