import { frame, gridX, gridY, line } from "@observablehq/plot";
import type { Metric } from "../metrics/metric.ts";
import type { Drawing } from "./create_figure.ts";
import { drawChart } from "./draw_chart.ts";
import { fitText } from "./fit_text.ts";
import { drawLegend } from "./legend.ts";
import { seriesDash } from "./series_style.ts";
import { stack } from "./stack.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, seriesColour, SIZES } from "./theme.ts";

/** One curve of a panel. */
export interface PanelCurve {
  /** Class name; null for the mean of all classes. */
  readonly label: string | null;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** What stands beside the name, and why there is none. */
  readonly area: Metric;
  /** Rows of the class. */
  readonly support: number;
}

/** How {@linkcode drawCurves} draws. */
export interface CurveLook {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Whether y is held from a point on until the next one falls below. */
  readonly steps?: boolean;
  /** A dashed line for guessing. */
  readonly diagonal?: boolean;
}

const WIDTH = 440, HEIGHT = 400;

/** Curves in a square of shares: a colour a class, the mean of all thick and dark over them. */
export function drawCurves(curves: readonly PanelCurve[], look: CurveLook): Drawing {
  const shown = curves.map((curve, n) => ({ ...curve, n })).filter(({ x }) => x.length > 0);
  const axis = {
    domain: [-0.01, 1.01],
    ticks: 5,
    labelAnchor: "center",
    labelArrow: "none",
  } as const;
  const chart = drawChart({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 48,
    marginRight: 12,
    marginTop: 8,
    marginBottom: 38,
    x: { ...axis, label: look.xLabel },
    y: { ...axis, label: look.yLabel },
    marks: [
      gridX({ stroke: COLOURS.grid, strokeOpacity: 1 }),
      gridY({ stroke: COLOURS.grid, strokeOpacity: 1 }),
      ...(look.diagonal
        ? [line([[0, 0], [1, 1]], { stroke: COLOURS.rule, strokeDasharray: "2 3" })]
        : []),
      ...shown.map(({ label, n, ...curve }) =>
        line(thinPoints(curve), {
          stroke: label === null ? COLOURS.ink : seriesColour(n),
          strokeWidth: label === null ? 3 : 1.6,
          strokeDasharray: label === null ? undefined : seriesDash(n),
          // The precision of a step is that of its end, where the recall is reached.
          curve: look.steps ? "step-before" : "linear",
        })
      ),
      frame({ stroke: COLOURS.rule }),
    ],
  });
  const legend = drawLegend(
    curves.map(({ label, area }, n) => ({
      // Cut here, or the number would be cut off with the end of a long name.
      label: `${fitText(label ?? "macro", 170, SIZES.label)} ${areaText(area)}`,
      colour: label === null ? COLOURS.ink : seriesColour(n),
      dash: label === null ? undefined : seriesDash(n),
    })),
    WIDTH,
  );
  return stack([legend, chart], 2);
}

/** Without points that are less than half a pixel from the one before; long curves stay small files. */
function thinPoints({ x, y }: Pick<PanelCurve, "x" | "y">): [number, number][] {
  const points: [number, number][] = [];
  x.forEach((at, i) => {
    const before = points.at(-1), last = i === x.length - 1;
    const far = before === undefined ||
      Math.max(Math.abs(at - before[0]), Math.abs(y[i] - before[1])) > 0.5 / WIDTH;
    if (far || last) points.push([at, y[i]]);
  });
  return points;
}

function areaText({ value }: Metric): string {
  return value === null ? "n/a" : value.toFixed(2);
}

/** Why a class has no curve, a sentence each. */
export function curveNotes(curves: readonly PanelCurve[]): string[] {
  return curves.flatMap(({ label, area: { value, reason } }) =>
    value === null ? [`${label ?? "macro"}: no curve, ${reason ?? "not defined"}`] : []
  );
}

/** A row for each curve. */
export function curveText(curves: readonly PanelCurve[], area: string): string {
  return textTable(
    ["class", "n", area],
    curves.map(({ label, support, area: { value } }) => [
      label ?? "macro",
      String(support),
      value?.toFixed(3) ?? "n/a",
    ]),
  );
}
