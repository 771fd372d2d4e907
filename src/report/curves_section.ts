import { type HistoryAxis, historyAxis, historyLines } from "../plots/history_rows.ts";
import { element } from "../plots/svg_element.ts";
import { COLOURS, seriesColour } from "../plots/theme.ts";
import type { MetricsRow } from "../runs/metrics_rows.ts";
import { type Curve, drawCurves } from "./draw_curves.ts";
import { Html, linkTo, markup } from "./html.ts";
import { counted, LIMITS, whole } from "./limits.ts";
import type { RunRecord } from "./run_record.ts";
import { absent, section } from "./section.ts";

const USUAL = ["loss", "quadraticWeightedKappa", "accuracy", "balancedAccuracy", "macroAuc"];
const NAMES: Readonly<Record<string, string>> = {
  quadraticWeightedKappa: "quadratic weighted kappa",
  balancedAccuracy: "balanced accuracy",
  macroAuc: "macro AUC",
  meanTrueProbability: "mean probability of the true class",
  meanMargin: "mean margin",
  meanEntropy: "mean entropy",
};
const NO_METRICS = new Set(["stage", "epoch", "split", "head", "synthetic", "nonFinite"]);
/** Panels of one run; a notebook may append any number of metrics. */
const MOST_METRICS = 12;

/** A metric's name as a person says it. */
export function metricName(metric: string): string {
  return NAMES[metric] ?? metric;
}

/** Names of the numbers in rows: the usual ones first, then others by name. */
export function metricsIn(rows: readonly MetricsRow[]): string[] {
  const found = new Set<string>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === "number" && !NO_METRICS.has(name)) found.add(name);
    }
  }
  const others = [...found].filter((name) => !USUAL.includes(name)).sort();
  return [...USUAL.filter((name) => found.has(name)), ...others];
}

/** How the metrics went over all stages: a chart for each. */
export function curvesSection(run: RunRecord, files: ReadonlySet<string>): Html {
  const { rows, noRows } = run;
  if (rows.length === 0) {
    return section("curves", "Training curves", absent(noRows));
  }
  const axis = historyAxis(rows), all = metricsIn(rows), metrics = all.slice(0, MOST_METRICS);
  const picture = files.has("reports/history.svg")
    ? markup`${linkTo("reports/history.svg", "The same as one picture")}.`
    : undefined;
  const more = all.length > metrics.length
    ? markup`<p class="note">${
      whole(all.length - metrics.length)
    } more metrics are in the table only.</p>`
    : undefined;
  return section(
    "curves",
    "Training curves",
    markup`<p>${curveText(run, axis)} ${picture}</p>
${more}
${metricCharts(rows, { axis, metrics })}`,
  );
}

/** One colour a head, one kind of line a split. */
function metricCharts(
  rows: readonly MetricsRow[],
  { axis, metrics }: { readonly axis: HistoryAxis; readonly metrics: readonly string[] },
): Html {
  const heads = [...new Set(rows.map(({ head }) => head))];
  const splits = [...new Set(rows.map(({ split }) => split))];
  const description = `${counted(axis.last, "epoch")}, ${counted(heads.length, "head")}. ` +
    "The numbers stand in the table of metrics.";
  const charts = metrics.map((metric) => {
    const curves = historyLines(rows, { metric, axis }).map(({ head, split, points }): Curve => ({
      name: `${head}, ${split}`,
      colour: seriesColour(heads.indexOf(head)),
      ...dashOf(split, splits),
      points,
    }));
    const { stages: spans, last } = axis;
    return drawCurves({ title: metricName(metric), description, curves, spans, last });
  });
  const legend = [
    ...heads.map((name, i): Curve => ({ name, colour: seriesColour(i), points: [] })),
    ...splits.map((name): Curve => ({
      ...{ name, colour: COLOURS.muted, points: [] },
      ...dashOf(name, splits),
    })),
  ];
  return plotCard(legend, charts);
}

/** Validation is solid; training and others are told apart by their dashes. */
function dashOf(split: string, splits: readonly string[]): { dash?: string } {
  if (split === "val" || splits.length === 1) return {};
  const others = splits.filter((name) => name !== "val" && name !== "train");
  if (split === "train") return { dash: "5 3" };
  return others.indexOf(split) === 0 ? { dash: "2 3" } : { dash: "8 3 2 3" };
}

function curveText({ rows }: RunRecord, { last, stages }: HistoryAxis): string {
  const numbered = stages.map(({ stage }, i) => `${i + 1} ${stage}`).slice(0, 20).join(", ");
  const thinned = last > LIMITS.points
    ? ` Lines are thinned to about ${LIMITS.points} points for drawing; their lows and highs are kept.`
    : "";
  return `${counted(last, "epoch")} in ${counted(stages.length, "stage")}: ${numbered}. ` +
    `${counted(rows.length, "row")} of metrics.${thinned}`;
}

/** Charts with their legend on a background of their own, light in every scheme. */
export function plotCard(legend: readonly Curve[], charts: readonly string[]): Html {
  const entries = legend.map(({ name, colour, dash }) => {
    const line = element("line", {
      ...{ x1: 0, x2: 26, y1: 6, y2: 6, stroke: colour },
      ...{ "stroke-width": 2.4, "stroke-dasharray": dash },
    });
    const swatch = element("svg", { width: 26, height: 12, "aria-hidden": "true" }, line);
    return markup`<li>${new Html(swatch)} ${name}</li>`;
  });
  return markup`<div class="plot">
<ul class="legend">${entries}</ul>
<div class="charts">${
    charts.map((chart) =>
      markup`<figure>${new Html(chart)}</figure>
`
    )
  }</div></div>`;
}
