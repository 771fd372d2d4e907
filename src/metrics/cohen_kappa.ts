import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { checkPairs, type Labels } from "./check_labels.ts";
import { columnTotals, countPairs, rowTotals } from "./confusion_matrix.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/** How far apart two classes count: all the same, by distance, by squared distance. */
export type KappaWeights = "none" | "linear" | "quadratic";

/** Options of {@linkcode cohenKappa}. */
export interface CohenKappaOptions {
  /** Number of classes K; all K count, absent ones too. */
  readonly classes: number;
  /** How far apart two classes count. @default {"none"} */
  readonly weights?: KappaWeights;
}

/**
 * Cohen's kappa (Cohen 1960, weighted 1968): 1 - Σ w·observed / Σ w·expected. With quadratic weights
 * it is the usual measure for ordered grades such as diabetic retinopathy. Symmetric in its two
 * arguments. Undefined without rows, and where both sides hold one and the same single class (0/0).
 *
 * @throws {RangeError} when lengths differ, a label is not in 0…classes-1 or the weights are unknown
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cohenKappa } from "@qsight/qsight/metrics";
 *
 * const options = { classes: 3, weights: "quadratic" } as const;
 * assert.equal(cohenKappa([0, 1, 2], [0, 1, 2], options).value, 1);
 * assert.equal(cohenKappa([0, 1, 2], [2, 1, 0], options).value, -1);
 * assert.match(cohenKappa([1, 1], [1, 1], options).reason ?? "", /one class/);
 * ```
 */
export function cohenKappa(yTrue: Labels, yPred: Labels, options: CohenKappaOptions): Metric {
  const where = "cohenKappa()";
  checkOptions(where, options, ["classes", "weights"]);
  const { classes, weights = "none" } = options;
  const known = ["none", "linear", "quadratic"];
  if (!known.includes(weights)) {
    throw new RangeError(unknownName(where, "weights", String(weights), known));
  }
  checkPairs(where, { yTrue, yPred, classes });
  return cohenKappaOf(countPairs(yTrue, yPred, classes), weights);
}

/** Cohen's kappa of a confusion matrix. */
export function cohenKappaOf(
  counts: readonly (readonly number[])[],
  weights: KappaWeights,
): Metric {
  const rows = rowTotals(counts), columns = columnTotals(counts);
  const total = rows.reduce((all, row) => all + row, 0);
  if (total === 0) return notDefined("there are no rows");
  let observed = 0, expected = 0;
  for (let t = 0; t < counts.length; t++) {
    for (let p = 0; p < counts.length; p++) {
      const distance = Math.abs(t - p);
      const weight = weights === "quadratic" ? distance * distance : distance;
      const w = weights === "none" ? Math.sign(distance) : weight;
      observed += w * counts[t][p];
      expected += w * rows[t] * columns[p];
    }
  }
  if (expected === 0) {
    return notDefined("labels and predictions hold one class only, chance agreement is certain");
  }
  // Whole numbers up to here, so that perfect agreement is exactly 1.
  return defined(1 - observed * total / expected);
}
