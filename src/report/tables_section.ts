import type { MetricsRow } from "../runs/metrics_rows.ts";
import { metricName, metricsIn } from "./curves_section.ts";
import { type Cell, type Column, dataTable } from "./data_table.ts";
import { type Html, linkTo, markup } from "./html.ts";
import { numberOf, textOf } from "./json_access.ts";
import { counted, evenly, LIMITS, whole } from "./limits.ts";
import type { ConfidenceRecord } from "./load_matrices.ts";
import { bestEpochs } from "./run_figures.ts";
import type { RunRecord } from "./run_record.ts";
import { absent, noteList, section } from "./section.ts";

/** Metrics of every stage, epoch, split and head, as a table that sorts and filters. */
export function metricsSection({ rows, noRows }: RunRecord): Html {
  const title = "Metrics";
  if (rows.length === 0) {
    return section("metrics", title, absent(noRows));
  }
  const metrics = metricsIn(rows), kept = fewEnough(rows, metrics);
  const columns: Column[] = [
    { name: "stage", kind: "text" },
    { name: "epoch", kind: "whole" },
    { name: "split", kind: "text" },
    { name: "head", kind: "text" },
    ...metrics.map((name): Column => ({ name: metricName(name), kind: "number" })),
  ];
  const cells = kept.map((row): Cell[] => [
    ...[row.stage, row.epoch, row.split, row.head],
    ...metrics.map((name) => numberOf(row[name]) ?? null),
  ]);
  const notes = kept.length === rows.length ? [] : [
    `The table holds ${whole(kept.length)} of ${counted(rows.length, "row")}: the first and last ` +
    "epoch of each stage, the best of each head and others evenly between. metrics.jsonl has all.",
  ];
  return section(
    "metrics",
    title,
    markup`<p>Click a heading to sort; words in the filter must all occur in a row. “–” is a metric that was
undefined. ${linkTo("metrics.jsonl", "metrics.jsonl")} has the rows with all digits.</p>
${
      dataTable({
        ...{ id: "metrics-table", caption: "Metrics by stage, epoch, split and head", columns },
        ...{ rows: cells, all: "metrics.jsonl" },
      })
    }
${noteList(notes)}`,
  );
}

/** Rows of whole epochs, so many that a page can carry them. */
function fewEnough(rows: readonly MetricsRow[], metrics: readonly string[]): readonly MetricsRow[] {
  if (rows.length <= LIMITS.metricsRows) return rows;
  const keyOf = ({ stage, epoch }: { stage: string; epoch: number }) => `${epoch}/${stage}`;
  const stages = new Map<string, Set<string>>();
  for (const row of rows) {
    const epochs = stages.get(row.stage) ?? new Set();
    stages.set(row.stage, epochs.add(keyOf(row)));
  }
  const share = 0.95 * LIMITS.metricsRows / rows.length;
  const kept = new Set(bestEpochs(rows, metrics.slice(0, 6)).map(keyOf));
  for (const epochs of stages.values()) {
    const most = Math.max(2, Math.floor(epochs.size * share));
    for (const epoch of evenly([...epochs], most)) kept.add(epoch);
  }
  return rows.filter((row) => kept.has(keyOf(row))).slice(0, LIMITS.metricsRows);
}

const CONFIDENCE: readonly (readonly [key: string, column: Column])[] = [
  ["label", { name: "class", kind: "text" }],
  ["count", { name: "images", kind: "whole" }],
  ["recall", { name: "recall", kind: "number" }],
  ["meanTrueProbability", { name: metricName("meanTrueProbability"), kind: "number" }],
  ["meanMargin", { name: metricName("meanMargin"), kind: "number" }],
  ["meanEntropy", { name: metricName("meanEntropy"), kind: "number" }],
  ["invalid", { name: "invalid", kind: "whole" }],
  ["flag", { name: "flag", kind: "text" }],
];

/** How sure each head was of each class, as a table that sorts and filters. */
export function confidenceSection(records: readonly ConfidenceRecord[]): Html {
  const title = "Confidence per class";
  if (records.length === 0) {
    return section(
      "confidence",
      title,
      absent("There are no confidence tables under reports/visualizations."),
    );
  }
  // The newest epochs are asked for most.
  const kept = records.slice(-LIMITS.confidenceRows);
  const columns: Column[] = [
    { name: "stage", kind: "text" },
    { name: "epoch", kind: "whole" },
    { name: "head", kind: "text" },
    ...CONFIDENCE.map(([, column]) => column),
  ];
  const rows = kept.map(({ place, row }): Cell[] => [
    ...[place.stage, place.epoch, textOf(row.head) ?? null],
    ...CONFIDENCE.map(([key, { kind }]) =>
      kind === "text" ? textOf(row[key]) ?? null : numberOf(row[key]) ?? null
    ),
  ]);
  const notes = kept.length === records.length
    ? []
    : [`The last ${whole(kept.length)} of ${counted(records.length, "row")} are shown.`];
  return section(
    "confidence",
    title,
    markup`<p>On validation. The margin is the probability of the true class less that of the best other
one: below 0 the class is missed on average. The same epochs as for the confusion matrices.</p>
${
      dataTable({
        ...{ id: "confidence-table", caption: "Confidence by stage, epoch, head and class" },
        ...{ columns, rows, all: "confidence_table.csv of each epoch" },
      })
    }
${noteList(notes)}`,
  );
}
