import { dot, frame, gridX, type Markish, ruleX, text, tickX } from "@observablehq/plot";
import { beatsRandom, type MetricColumn, metricText } from "./check_metrics.ts";
import type { Drawing } from "./create_figure.ts";
import { drawChart } from "./draw_chart.ts";
import { BOLD, fitText, textWidth } from "./fit_text.ts";
import { paddedDomain } from "./padded_domain.ts";
import { element, moved, textElement } from "./svg_element.ts";
import { COLOURS, PALETTE, SIZES } from "./theme.ts";

/** Pixels: a row for each method, the width of a panel, the head over it and the axis under it. */
export const METRIC_SIZES = { row: 34, panel: 196, head: 34, axis: 22 } as const;

/** One panel: dots over a band for each method, values at the right. */
export function drawMetric(metric: MetricColumn): string {
  const { name, better, values, randoms } = metric;
  const rows = values.map((value, i) => ({
    i,
    value,
    random: randoms[i],
    look: lookOf(metric, i),
    label: metricText(value),
  }));
  const found = rows.filter(({ value }) => value !== null);
  const [low, high] = paddedDomain([...values, ...randoms], 0.09);
  // The numbers stand right of the frame, where no dot can be.
  const right = 40, height = rows.length * METRIC_SIZES.row + METRIC_SIZES.axis;
  const chart = drawChart({
    width: METRIC_SIZES.panel,
    height,
    marginLeft: 2,
    marginRight: right,
    marginTop: 0,
    marginBottom: METRIC_SIZES.axis,
    x: { domain: [low, high], label: null, ticks: 3, tickSize: 4 },
    y: { type: "band", domain: rows.map(({ i }) => i), axis: null, padding: 0 },
    marks: [
      gridX({ stroke: COLOURS.grid, strokeOpacity: 1, ticks: 3 }),
      ...(low < 0 && high > 0 ? [ruleX([0], { stroke: COLOURS.rule })] : []),
      tickX(rows.filter(({ random }) => random !== null), {
        x: "random",
        y: "i",
        stroke: COLOURS.ink,
        strokeDasharray: "4 3",
        strokeWidth: 1.5,
      }),
      ...dots(found),
      text(rows, {
        y: "i",
        frameAnchor: "right",
        textAnchor: "end",
        dx: right - 4,
        text: "label",
        fill: COLOURS.ink,
      }),
      frame({ stroke: COLOURS.rule }),
    ],
  });
  const title = fitText(name, METRIC_SIZES.panel / BOLD, SIZES.label);
  const way = better === "higher" ? "higher is better →" : "← lower is better";
  return textElement(title, [2, 11], { bold: true }) +
    textElement(way, [2, 26], { size: SIZES.small, fill: COLOURS.muted }) +
    moved(chart.markup, 0, METRIC_SIZES.head);
}

type Look = "better" | "no better" | "not compared";

/** Fill and outline of a dot: full is better than random maps, hollow is not, grey has no random map. */
const LOOKS: Readonly<Record<Look, { fill: string; stroke: string; label: string }>> = {
  better: { fill: PALETTE[0], stroke: PALETTE[0], label: "better than random maps" },
  "no better": { fill: COLOURS.background, stroke: COLOURS.wrong, label: "no better" },
  "not compared": { fill: COLOURS.grid, stroke: COLOURS.muted, label: "no random maps to compare" },
};

function lookOf(metric: MetricColumn, i: number): Look {
  const beats = beatsRandom(metric, i);
  return beats === null ? "not compared" : beats ? "better" : "no better";
}

function dots(rows: readonly { value: number | null; look: Look }[]): Markish[] {
  return Object.entries(LOOKS).map(([look, { fill, stroke }]) =>
    dot(rows.filter((row) => row.look === look), {
      x: "value",
      y: "i",
      r: 4.5,
      fill,
      stroke,
      strokeWidth: 2,
    })
  );
}

/** What the dots and the dashed line are, as far as they occur. */
export function metricLegend(metrics: readonly MetricColumn[], width: number): Drawing {
  const looks = metrics.flatMap((metric) =>
    metric.values.map((value, i) => value === null ? null : lookOf(metric, i))
  );
  const entries = Object.entries(LOOKS).filter(([look]) => looks.includes(look as Look)).map(
    ([, { fill, stroke, label }]) => ({
      sign: element("circle", { cx: 6, cy: 9, r: 4.5, fill, stroke, "stroke-width": 2 }),
      label,
    }),
  );
  const dash = { x1: 6, x2: 6, y1: 1, y2: 17, stroke: COLOURS.ink, "stroke-width": 1.5 };
  if (metrics.some(({ randoms }) => randoms.some((random) => random !== null))) {
    const sign = element("line", { ...dash, "stroke-dasharray": "4 3" });
    entries.push({ sign, label: "random maps" });
  }
  let x = 0, y = 0;
  const markup = entries.map(({ sign, label }) => {
    const wide = 17 + textWidth(label, SIZES.label);
    if (x > 0 && x + wide > width) [x, y] = [0, y + 20];
    const entry = moved(sign + textElement(label, [17, 13]), x, y);
    x += wide + 20;
    return entry;
  });
  return { markup: markup.join(""), width, height: y + 22 };
}
