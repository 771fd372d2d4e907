import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { checkPairs, type Labels } from "./check_labels.ts";

/** What the cells of a normalised confusion matrix sum to 1 over. */
export type Normalize = "true" | "pred" | "all";

/** Options of {@linkcode confusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** Number of classes K, absent ones included. */
  readonly classes: number;
  /** `"true"`: each row sums to 1, `"pred"`: each column, `"all"`: all cells. @default no normalisation */
  readonly normalize?: Normalize;
}

/** A confusion matrix: rows are the true class, columns the predicted one. */
export interface ConfusionMatrix {
  /** Number of classes K. */
  readonly classes: number;
  /** `counts[t][p]`: rows of class t predicted as p. K × K, always kept. */
  readonly counts: readonly (readonly number[])[];
  /** Shares in 0…1, or null where the sum they are taken of is 0; null when not asked for. */
  readonly normalized: readonly (readonly (number | null)[])[] | null;
  /** What `normalized` sums to 1 over, as asked for. */
  readonly normalize: Normalize | null;
  /** Number of rows counted. */
  readonly total: number;
}

/**
 * Counts true against predicted classes, as scikit-learn's `confusion_matrix` does: rows are true.
 * Differs from it in one point: where a class is absent, its normalised row (column) is null, not 0.
 *
 * @throws {RangeError} when lengths differ or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confusionMatrix } from "@qsight/qsight/metrics";
 *
 * const matrix = confusionMatrix([0, 0, 1], [0, 1, 1], { classes: 3, normalize: "true" });
 * assert.deepEqual(matrix.counts, [[1, 1, 0], [0, 1, 0], [0, 0, 0]]);
 * assert.deepEqual(matrix.normalized?.[0], [0.5, 0.5, 0]);
 * assert.deepEqual(matrix.normalized?.[2], [null, null, null]);
 * ```
 */
export function confusionMatrix(
  yTrue: Labels,
  yPred: Labels,
  options: ConfusionMatrixOptions,
): ConfusionMatrix {
  const where = "confusionMatrix()";
  checkOptions(where, options, ["classes", "normalize"]);
  const { classes, normalize } = options;
  checkPairs(where, { yTrue, yPred, classes });
  if (normalize !== undefined && !["true", "pred", "all"].includes(normalize)) {
    throw new RangeError(
      unknownName(where, "normalize", String(normalize), ["true", "pred", "all"]),
    );
  }
  const counts = countPairs(yTrue, yPred, classes);
  return {
    classes,
    counts,
    normalized: normalize === undefined ? null : normalizeCounts(counts, normalize),
    normalize: normalize ?? null,
    total: yTrue.length,
  };
}

/** Counts of (true, predicted) pairs; `rows` restricts (and repeats) the rows that are counted. */
export function countPairs(
  yTrue: Labels,
  yPred: Labels,
  classes: number,
  rows?: Labels,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const length = rows?.length ?? yTrue.length;
  for (let i = 0; i < length; i++) {
    const row = rows === undefined ? i : rows[i];
    counts[yTrue[row]][yPred[row]]++;
  }
  return counts;
}

/** Shares of counts; null where the row (column, matrix) they belong to is empty. */
export function normalizeCounts(
  counts: readonly (readonly number[])[],
  normalize: Normalize,
): (number | null)[][] {
  const rows = rowTotals(counts), columns = columnTotals(counts), all = sum(rows);
  return counts.map((row, t) =>
    row.map((count, p) => {
      const total = normalize === "true" ? rows[t] : normalize === "pred" ? columns[p] : all;
      return total === 0 ? null : count / total;
    })
  );
}

/** How often each class is the true one. */
export function rowTotals(counts: readonly (readonly number[])[]): number[] {
  return counts.map(sum);
}

/** How often each class is predicted. */
export function columnTotals(counts: readonly (readonly number[])[]): number[] {
  return counts.map((_, p) => sum(counts.map((row) => row[p])));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
