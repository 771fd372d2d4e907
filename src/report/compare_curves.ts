import { historyAxis, historyLines } from "../plots/history_rows.ts";
import { seriesColour } from "../plots/theme.ts";
import type { ComparedRun } from "./compared_run.ts";
import { metricName, metricsIn, plotCard } from "./curves_section.ts";
import { type Curve, drawCurves } from "./draw_curves.ts";
import { headOrder } from "./head_order.ts";
import { type Html, markup } from "./html.ts";
import { counted, LIMITS } from "./limits.ts";
import { picker } from "./picker.ts";
import { absent, section } from "./section.ts";

/** Charts of one head; a page of many heads would be too long. */
const MOST_METRICS = 6, MOST_HEADS = 12;
/** Lines of more than seven runs share colours; their dashes differ. */
const DASHES = [undefined, "6 3", "2 3"];

/** Validation curves of all runs, one over the other, a head at a time. */
export function compareCurves(runs: readonly ComparedRun[]): Html {
  const title = "Validation curves";
  const drawn = runs.filter(({ run }) => run.rows.some(({ split }) => split === "val"));
  if (drawn.length === 0) {
    return section(
      "curves",
      title,
      absent("None of the runs has rows of metrics."),
    );
  }
  const lines = runs.map(({ run, letter }, i) => {
    const rows = run.rows.filter(({ split }) => split === "val");
    return {
      letter,
      rows,
      axis: historyAxis(rows),
      style: {
        name: `${letter}: ${run.name ?? run.id}`,
        colour: seriesColour(i),
        dash: DASHES[Math.floor(i / 7)],
      },
    };
  });
  const all = lines.flatMap(({ rows }) => rows);
  const heads = headOrder(all.map(({ head }) => head)).slice(-MOST_HEADS);
  const metrics = metricsIn(all).slice(0, MOST_METRICS);
  const last = Math.max(...lines.map(({ axis }) => axis.last));
  const panels = heads.map((head, i) => {
    const charts = metrics.flatMap((metric) => {
      const curves = lines.flatMap(({ rows, axis, style }): Curve[] =>
        historyLines(rows.filter((row) => row.head === head), { metric, axis })
          .map(({ points }) => ({ ...style, points }))
      );
      const description = `${counted(curves.length, "run")}, ${counted(last, "epoch")} at most`;
      if (curves.length === 0) return [];
      return [drawCurves({ title: metricName(metric), description, curves, spans: [], last })];
    });
    return markup`<article data-stage="0" data-epoch="0" data-head="${i}"><h3>${head}</h3>
${plotCard(lines.map(({ style }) => ({ ...style, points: [] })), charts)}</article>
`;
  });
  const missing = runs.filter((one) => !drawn.includes(one)).map(({ letter }) => letter);
  return section(
    "curves",
    title,
    markup`<p>Epochs are counted through all stages of a run.${
      last > LIMITS.points
        ? ` Lines are thinned to about ${LIMITS.points} points; lows and highs are kept.`
        : ""
    }${missing.length === 0 ? "" : ` Without rows of metrics: ${missing.join(", ")}.`}</p>
${picker({ id: "curve", label: "Curves to show", stages: [], heads, epochs: false })}
<div id="curve-panels" class="panels">${panels}</div>`,
  );
}
