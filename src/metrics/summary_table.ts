import { printable } from "../_internal/printable.ts";
import { textColumns } from "../_internal/text_columns.ts";
import type { MetricWithInterval, PredictionSummary } from "./summarize_predictions.ts";

/** What the table shows of a {@linkcode PredictionSummary}; a run's manifest keeps just this. */
export type SummaryFigures = Pick<
  PredictionSummary,
  "count" | "accuracy" | "balancedAccuracy" | "quadraticWeightedKappa" | "macroAuc"
>;

/** Column titles and the metrics under them. */
const COLUMNS = [
  ["accuracy", "accuracy"],
  ["balanced accuracy", "balancedAccuracy"],
  ["quadratic kappa", "quadraticWeightedKappa"],
  ["macro AUC", "macroAuc"],
] as const;

/**
 * Summaries as an aligned text table, narrow enough for a notebook: one row a head, in the order
 * given, each metric as `value (low…high)`. An undefined metric is `n/a`, its reason stands below the
 * table, and so do the number of rows and the level of the intervals.
 *
 * @param summaries what `summarizePredictions()` returned, by head
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { summarizePredictions, summaryTable } from "@qsight/qsight/metrics";
 *
 * const probabilities = [0.8, 0.2, 0.6, 0.4, 0.3, 0.7, 0.9, 0.1];
 * const ensemble = summarizePredictions([0, 0, 1, 1], probabilities, { classes: 2, seed: 1 });
 * const lines = summaryTable({ ensemble }).split("\n");
 * assert.match(lines[0], /^head +accuracy +balanced accuracy +quadratic kappa +macro AUC$/);
 * assert.match(lines[2], /^ensemble +0\.750 \(0\.25…1\.00\)/);
 * ```
 */
export function summaryTable(summaries: Readonly<Record<string, SummaryFigures>>): string {
  const heads = Object.entries(summaries);
  const header = ["head", ...COLUMNS.map(([title]) => title)];
  const rows = heads.map(([head, summary]) => [
    head,
    ...COLUMNS.map(([, metric]) => figure(summary[metric])),
  ]);
  return [textColumns(header, rows), ...heads.flatMap(reasons), ...footer(Object.values(summaries))]
    .join("\n");
}

function figure({ value, interval }: MetricWithInterval): string {
  if (value === null) return "n/a";
  const { low, high } = interval ?? { low: null, high: null };
  const range = low === null || high === null ? "" : ` (${fixed(low, 2)}…${fixed(high, 2)})`;
  return fixed(value, 3) + range;
}

/** `toFixed` without a minus before zero. */
function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(?=[0.]+$)/, "");
}

function reasons([head, summary]: readonly [string, SummaryFigures]): string[] {
  return COLUMNS.filter(([, metric]) => summary[metric].value === null)
    .map(([title, metric]) => `${printable(head)}, ${title}: n/a, ${summary[metric].reason}`);
}

function footer(summaries: readonly SummaryFigures[]): string[] {
  if (summaries.length === 0) return [];
  const rows = [...new Set(summaries.map(({ count }) => count))].join(" or ");
  const levels = new Set(
    summaries.flatMap((summary) => COLUMNS.map(([, metric]) => summary[metric].interval?.level))
      .filter((level) => level !== undefined),
  );
  const percent = [...levels].map((level) => `${Number((level * 100).toFixed(2))} %`).join(" or ");
  return [`${rows} rows` + (percent === "" ? "" : `; in brackets: ${percent} bootstrap intervals`)];
}
