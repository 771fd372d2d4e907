import { epochTicks } from "../plots/epoch_ticks.ts";
import type { StageSpan } from "../plots/history_rows.ts";
import { paddedDomain } from "../plots/padded_domain.ts";
import { element, escapeXml, moved, textElement } from "../plots/svg_element.ts";
import { fitText, textWidth } from "../plots/fit_text.ts";
import { COLOURS, FONT } from "../plots/theme.ts";
import { LIMITS } from "./limits.ts";
import { type Point, thinPoints } from "./thin_points.ts";

/** One line of a chart. */
export interface Curve {
  readonly name: string;
  readonly colour: string;
  /** Lengths of dashes and gaps; undefined for a solid line. */
  readonly dash?: string;
  readonly points: readonly Point[];
}

/** What {@linkcode drawCurves} draws. */
export interface CurveChart {
  readonly title: string;
  /** What the picture shows, for those who cannot see it. */
  readonly description: string;
  readonly curves: readonly Curve[];
  /** Stages, parted by rules; none for lines that have no common stages. */
  readonly spans: readonly StageSpan[];
  /** The last epoch of the axis. */
  readonly last: number;
}

const WIDTH = 400, HEIGHT = 250, LEFT = 52, RIGHT = 10, TOP = 42, BOTTOM = 36, SIZE = 11;
const INNER = WIDTH - LEFT - RIGHT, DEPTH = HEIGHT - TOP - BOTTOM;

/** A chart of metrics over epochs as a whole SVG of its own, small enough for a narrow screen. */
export function drawCurves(chart: CurveChart): string {
  const { title, curves, spans, last } = chart;
  const [low, high] = paddedDomain(curves.flatMap(({ points }) => points.map((p) => p.value)));
  const x = (epoch: number) => LEFT + (epoch - 0.5) / Math.max(1, last) * INNER;
  const y = (value: number) => TOP + (high - value) / (high - low) * DEPTH;
  const content = [
    textElement(fitText(title, (WIDTH - 16) / 1.13, 13), [8, 18], { size: 13, bold: true }),
    ...valueTicks(low, high).map((tick) => valueLine(tick, y(tick.value))),
    ...spanMarks(spans, x),
    ...epochTicks(last, 8).map((epoch) => epochMark(epoch, x(epoch))),
    textElement("epoch", [LEFT + INNER / 2, HEIGHT - 5], { size: SIZE, anchor: "middle" }),
    ...curves.map((curve) => line(curve, { x, y })),
    element("rect", {
      ...{ x: LEFT, y: TOP, width: INNER, height: DEPTH },
      ...{ fill: "none", stroke: COLOURS.rule },
    }),
  ];
  return element(
    "svg",
    {
      ...{ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img" },
      ...{ "font-family": `${FONT}, Verdana, sans-serif`, "font-size": SIZE },
    },
    element("title", {}, escapeXml(`${title}. ${chart.description}`)),
    element("rect", { width: WIDTH, height: HEIGHT, fill: COLOURS.background }),
    ...content,
  );
}

function line(
  { name, colour, dash, points }: Curve,
  { x, y }: { readonly x: (epoch: number) => number; readonly y: (value: number) => number },
): string {
  const pieces = thinPoints(points, LIMITS.points);
  // Dots show single epochs; a value between two gaps would otherwise be nothing.
  const dotted = points.length <= 30;
  const path = pieces.filter(({ length }) => length > 1).map((piece) =>
    piece.map(({ x: epoch, value }, i) =>
      `${i === 0 ? "M" : "L"}${fixed(x(epoch))},${fixed(y(value))}`
    )
      .join("")
  ).join("");
  const dots = pieces.flatMap((piece) => dotted || piece.length === 1 ? piece : [])
    .slice(0, LIMITS.points);
  const fill = dash === undefined ? colour : COLOURS.background;
  return element(
    "g",
    { stroke: colour, fill: "none", "stroke-width": 1.8 },
    element("title", {}, escapeXml(name)),
    path === "" ? "" : element("path", { d: path, "stroke-dasharray": dash }),
    ...dots.map(({ x: epoch, value }) =>
      element("circle", { cx: x(epoch), cy: y(value), r: 2.2, fill })
    ),
  );
}

function fixed(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}

interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Round values over a range, about five of them. */
function valueTicks(low: number, high: number): Tick[] {
  const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10) * power;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (!(step > 0) || (high - low) / step > 20) return [];
  const far = Math.max(Math.abs(low), Math.abs(high));
  const ticks = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) {
    const value = n * step;
    const label = digits > 4 || far >= 1e5 ? value.toExponential(1) : value.toFixed(digits);
    ticks.push({ value, label: label.replace(/^-(?=[0.]+$)/, "") });
  }
  return ticks;
}

function valueLine({ label }: Tick, y: number): string {
  return element("line", { x1: LEFT, x2: LEFT + INNER, y1: y, y2: y, stroke: COLOURS.grid }) +
    textElement(label, [LEFT - 6, y + 4], { size: SIZE, anchor: "end" });
}

function epochMark(epoch: number, x: number): string {
  const y = TOP + DEPTH;
  return element("line", { x1: x, x2: x, y1: y, y2: y + 4, stroke: COLOURS.rule }) +
    textElement(String(epoch), [x, y + 16], { size: SIZE, anchor: "middle" });
}

/** Rules between stages, and above them their names, or their numbers where a name does not fit. */
function spanMarks(spans: readonly StageSpan[], x: (epoch: number) => number): string[] {
  const boxes = spans.map(({ stage, first, last }, i) => {
    const left = x(first - 0.5), right = x(last + 0.5);
    return { stage, number: String(i + 1), left, right };
  });
  const fit = boxes.every(({ stage, left, right }) => textWidth(stage, SIZE) <= right - left - 4);
  return boxes.flatMap(({ stage, number, left, right }, i) => [
    i === 0 ? "" : moved(
      element("line", { y1: TOP, y2: TOP + DEPTH, stroke: COLOURS.rule }),
      left,
      0,
    ),
    !fit && right - left < 9
      ? ""
      : textElement(fit ? stage : number, [(left + right) / 2, TOP - 7], {
        size: SIZE,
        fill: COLOURS.muted,
        anchor: "middle",
      }),
  ]);
}
