import { unknownName } from "../_internal/check_options.ts";
import type { EpochRow } from "./callback.ts";

/** Whether more or less of a metric is better. */
export type Direction = "max" | "min";

/** The metrics of a row of metrics.jsonl, by the names that a plan uses. */
const METRICS = {
  loss: ["loss", "min"],
  accuracy: ["accuracy", "max"],
  balanced_accuracy: ["balancedAccuracy", "max"],
  quadratic_weighted_kappa: ["quadraticWeightedKappa", "max"],
  macro_auc: ["macroAuc", "max"],
} as const satisfies Record<string, readonly [keyof EpochRow, Direction]>;

/** A metric of an output on the validation split. */
export interface Monitor {
  /** An active head, or `ensemble`. */
  readonly head: string;
  /** Its field in a row of metrics.jsonl. */
  readonly field: (typeof METRICS)[keyof typeof METRICS][0];
  /** Which way is better. */
  readonly mode: Direction;
}

/**
 * Reads `<head>/<metric>`, such as `ensemble/quadratic_weighted_kappa`.
 *
 * @param outputs the heads that are active, and `ensemble`
 * @throws {TypeError} for another form, an unknown head or an unknown metric, with the nearest name
 */
export function parseMonitor(monitor: string, outputs: readonly string[]): Monitor {
  const cut = String(monitor).lastIndexOf("/");
  if (cut < 1) {
    throw new TypeError(
      `monitor: found "${monitor}", wanted <head>/<metric>; ` +
        `write "ensemble/quadratic_weighted_kappa", for example`,
    );
  }
  const head = monitor.slice(0, cut), name = monitor.slice(cut + 1);
  if (!outputs.includes(head)) throw new TypeError(unknownName("monitor", "head", head, outputs));
  if (!Object.hasOwn(METRICS, name)) {
    throw new TypeError(unknownName("monitor", "metric", name, Object.keys(METRICS)));
  }
  const [field, mode] = METRICS[name as keyof typeof METRICS];
  return { head, field, mode };
}

/** The monitored value of an epoch; null where it is not defined or there is no such row. */
export function monitoredValue(
  rows: readonly Pick<EpochRow, "head" | "split" | Monitor["field"]>[],
  { head, field }: Monitor,
): number | null {
  const row = rows.find((candidate) => candidate.head === head && candidate.split === "val");
  return finite(row?.[field]);
}

/** Whether a value is better than the best so far. What is not a number never is. */
export function improves(
  value: number | null,
  best: number | null,
  { mode, minDelta = 0 }: { readonly mode: Direction; readonly minDelta?: number },
): boolean {
  if (finite(value) === null) return false;
  if (best === null) return true;
  return mode === "max" ? value! > best + minDelta : value! < best - minDelta;
}

function finite(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
