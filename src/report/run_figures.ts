import { headOrder } from "./head_order.ts";
import { numberOf, objectOf, textOf, under } from "./json_access.ts";
import { historyAxis } from "../plots/history_rows.ts";
import type { MetricsRow } from "../runs/metrics_rows.ts";
import type { RunRecord } from "./run_record.ts";

/** A figure of a head at the end of a run, with the interval around it. */
export interface RunFigure {
  readonly value: number | null;
  /** Why it is undefined; empty where it is not. */
  readonly reason: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number | null;
}

/** The figures that people compare. */
export const FIGURES = [
  "accuracy",
  "balancedAccuracy",
  "quadraticWeightedKappa",
  "macroAuc",
] as const;

/** One head's figures. */
export interface HeadFigures {
  readonly head: string;
  readonly count: number | null;
  readonly figures: Readonly<Record<string, RunFigure | undefined>>;
}

/** What the manifest says of each head, the fused answer last; empty where it says nothing. */
export function headFigures({ facts }: RunRecord): HeadFigures[] {
  const metrics = objectOf(facts.metrics);
  return headOrder(Object.keys(metrics)).map((head) => ({
    head,
    count: numberOf(under(metrics[head], "count")) ?? null,
    figures: Object.fromEntries(
      FIGURES.map((name) => [name, figureOf(under(metrics[head], name))]),
    ),
  }));
}

function figureOf(value: unknown): RunFigure | undefined {
  if (value === undefined) return undefined;
  const number = (...keys: string[]) => numberOf(under(value, ...keys)) ?? null;
  return {
    value: numberOf(value) ?? number("value"),
    reason: textOf(under(value, "reason")) ?? "",
    low: number("interval", "low"),
    high: number("interval", "high"),
    level: number("interval", "level"),
  };
}

/** A figure as text: `0.231 (0.00 to 0.46)`. */
export function figureText(figure: RunFigure | undefined): string {
  if (figure === undefined) return "not known";
  const { value, low, high, reason } = figure;
  if (value === null) return reason === "" ? "undefined" : `undefined: ${reason}`;
  return low === null || high === null
    ? digits(value, 3)
    : `${digits(value, 3)} (${digits(low, 2)} to ${digits(high, 2)})`;
}

/** `toFixed` without a minus before zero. */
export function digits(value: number, count: number): string {
  return value.toFixed(count).replace(/^-(?=[0.]+$)/, "");
}

/** Where a metric was at its best. */
export interface BestEpoch {
  readonly head: string;
  readonly metric: string;
  readonly value: number;
  readonly stage: string;
  readonly epoch: number;
}

/** The best validation epoch of each head and metric; of equal ones the first. */
export function bestEpochs(
  rows: readonly MetricsRow[],
  metrics: readonly string[],
): BestEpoch[] {
  const best = new Map<string, BestEpoch>();
  for (const row of rows) {
    if (row.split !== "val") continue;
    for (const metric of metrics) {
      const value = numberOf(row[metric]);
      if (value === undefined) continue;
      const key = JSON.stringify([row.head, metric]), before = best.get(key);
      const better = before === undefined ||
        (metric === "loss" ? value < before.value : value > before.value);
      if (!better) continue;
      best.set(key, { head: row.head, metric, value, stage: row.stage, epoch: row.epoch });
    }
  }
  return [...best.values()];
}

/** The last row of each head on validation, in the order of the training. */
export function lastRows(rows: readonly MetricsRow[]): ReadonlyMap<string, MetricsRow> {
  const axis = historyAxis(rows), last = new Map<string, MetricsRow>();
  for (const row of rows) {
    if (row.split !== "val") continue;
    const before = last.get(row.head);
    if (before === undefined || axis.positionOf(row) >= axis.positionOf(before)) {
      last.set(row.head, row);
    }
  }
  return last;
}

/** Whether the intervals of two figures do not overlap; false where one has none. */
export function intervalsApart(a: RunFigure, b: RunFigure): boolean {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return false;
  return a.low > b.high || b.low > a.high;
}
