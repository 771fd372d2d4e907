import { join } from "node:path";
import { readLines } from "./json_lines.ts";
import { stableJson } from "./stable_json.ts";

/** A value of a metrics or timings row; NaN and infinities become null with a note. */
export type RowValue = number | string | boolean | null;

/** One stage, epoch, split and head, with any metrics beside them. Times belong elsewhere. */
export interface MetricsRow {
  /** Name of the stage. */
  readonly stage: string;
  /** Counted from 1 within the stage. */
  readonly epoch: number;
  /** `"train"`, `"val"` or a name of the caller's. */
  readonly split: string;
  /** Name of the head, or `"ensemble"`. */
  readonly head: string;
  /** A metric by its name. */
  readonly [metric: string]: RowValue;
}

/** Durations and the like, apart from the metrics so that equal trainings give equal metrics. */
export interface TimingsRow {
  /** Name of the stage. */
  readonly stage: string;
  /** Counted from 1 within the stage. */
  readonly epoch: number;
  /** A duration or another measure of cost by its name. */
  readonly [timing: string]: RowValue;
}

/** Keras-like history: for each stage the epochs and, beside them, one array a metric. */
export interface RunHistory {
  /** Form of this file. */
  readonly schema: "qsight.history/1";
  /** Columns by stage, each with `epoch` and one column a metric. */
  readonly stages: Readonly<
    Record<string, Readonly<Record<string, readonly RowValue[]>>>
  >;
}

/** What a metrics row is of; all else in it are metrics, and notes on them. */
export const ROW_KEYS: readonly string[] = ["stage", "epoch", "split", "head"];

/** One line of metrics.jsonl. */
export function metricsLine(row: MetricsRow): string {
  for (const key of ["stage", "split", "head"]) checkText("Metrics", row, key);
  return rowLine("Metrics", row);
}

/** One line of timings.jsonl. */
export function timingsLine(row: TimingsRow): string {
  checkText("Timings", row, "stage");
  return rowLine("Timings", row);
}

function checkText(what: string, row: Readonly<Record<string, unknown>>, key: string): void {
  if (typeof row[key] === "string" && row[key] !== "") return;
  throw new TypeError(
    `${what} row needs a name under "${key}", found ${JSON.stringify(row[key])}: set it`,
  );
}

function rowLine(what: string, row: Readonly<Record<string, unknown>>): string {
  if (!Number.isInteger(row.epoch) || (row.epoch as number) < 0) {
    throw new TypeError(
      `${what} row needs a whole number under "epoch", found ${row.epoch}: count from 1`,
    );
  }
  for (const [key, value] of Object.entries(row)) {
    if (value !== null && typeof value === "object") {
      throw new TypeError(
        `${what} row holds an object under "${key}", wanted a number or text: save it with saveJson`,
      );
    }
  }
  return stableJson(row, { first: ROW_KEYS, indent: 0 }).text.trimEnd();
}

/**
 * The metrics rows of a run folder in the order in which they were written. A last line torn by a
 * killed process is passed over.
 *
 * @throws {SyntaxError} on a whole line that is not JSON, naming it
 */
export async function readMetrics(folder: string): Promise<MetricsRow[]> {
  return await readLines(join(folder, "metrics.jsonl")) as MetricsRow[];
}

/** The timings rows of a run folder; see {@linkcode readMetrics}. */
export async function readTimings(folder: string): Promise<TimingsRow[]> {
  return await readLines(join(folder, "timings.jsonl")) as TimingsRow[];
}

/** Columns of all metrics, named `split.head.metric`; an epoch without a value holds null. */
export function toHistory(rows: readonly MetricsRow[]): RunHistory {
  const stages: Record<string, Record<string, RowValue[]>> = {};
  for (const row of rows) {
    const columns = stages[row.stage] ??= { epoch: [] };
    let at = columns.epoch.indexOf(row.epoch);
    if (at < 0) at = columns.epoch.push(row.epoch) - 1;
    for (const [metric, value] of Object.entries(row)) {
      if (ROW_KEYS.includes(metric) || metric === "nonFinite" || metric === "synthetic") continue;
      (columns[`${row.split}.${row.head}.${metric}`] ??= [])[at] = value;
    }
  }
  for (const columns of Object.values(stages)) {
    for (const [name, values] of Object.entries(columns)) {
      columns[name] = Array.from(columns.epoch, (_, i) => values[i] ?? null);
    }
  }
  return { schema: "qsight.history/1", stages };
}
