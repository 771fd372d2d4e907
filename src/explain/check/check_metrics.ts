import type { MethodCheck } from "./explanation_check.ts";

/** One measure of a method as a row of a table or a dot of a plot. */
export interface CheckMetric {
  readonly name: string;
  readonly value: number | null;
  /** The same of random maps. */
  readonly random: number | null;
  readonly better: "higher" | "lower";
}

const NAMES = [
  ["road", "ROAD"],
  ["deletion", "deletion"],
  ["insertion", "insertion"],
  ["averageDrop", "average drop"],
  ["increase", "increase"],
  ["pointing", "pointing game"],
  ["energy", "energy in mask"],
] as const;

/**
 * The measures of a method in a row, those without masks left out; `plotExplanationCheck()` takes
 * `{ ...check, metrics: checkMetrics(check) }`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkMetrics, type Measure } from "./mod.ts";
 * const up: Measure = {
 *   value: 0.2,
 *   random: 0,
 *   gain: null,
 *   direction: "higher is better",
 *   images: 9,
 * };
 * const down: Measure = { ...up, direction: "lower is better" };
 * const measures = { road: up, deletion: down, insertion: up, averageDrop: down, increase: up };
 * const metrics = checkMetrics({ ...measures, pointing: null, energy: null });
 * assert.deepEqual(metrics[0], { name: "ROAD", value: 0.2, random: 0, better: "higher" });
 * assert.equal(metrics.length, 5);
 * ```
 */
export function checkMetrics(
  check: Pick<MethodCheck, (typeof NAMES)[number][0]>,
): CheckMetric[] {
  return NAMES.flatMap(([key, name]) => {
    const measure = check[key];
    if (measure === null) return [];
    const { value, random, direction } = measure;
    return [{ name, value, random, better: direction === "higher is better" ? "higher" : "lower" }];
  });
}
