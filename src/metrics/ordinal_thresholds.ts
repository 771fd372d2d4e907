import { checkOptions } from "../_internal/check_options.ts";
import type { ClassesOptions } from "./accuracy.ts";
import { checkClasses, checkLabels, checkProbabilities, type Labels } from "./check_labels.ts";
import { cohenKappaOf } from "./cohen_kappa.ts";

/**
 * The expected grade of each row: the sum of class index times probability. NaN stays NaN.
 *
 * @param probabilities flat, rows × classes
 * @returns one number in [0, classes - 1] for each row
 * @throws {RangeError} when the probabilities are no whole rows
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expectedGrades } from "@qsight/qsight/metrics";
 * assert.deepEqual([...expectedGrades([0.5, 0, 0.5, 0, 0, 1], { classes: 3 })], [1, 2]);
 * ```
 */
export function expectedGrades(probabilities: Labels, options: ClassesOptions): Float64Array {
  checkOptions("expectedGrades()", options, ["classes"]);
  const { classes } = options;
  checkClasses("expectedGrades()", classes);
  const rows = Math.round(probabilities.length / classes);
  checkProbabilities("expectedGrades()", probabilities, { rows, classes });
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let c = 1; c < classes; c++) sum += c * probabilities[row * classes + c];
    return sum;
  });
}

/**
 * Cuts between grades: a row gets the number of thresholds that its expected grade reaches. NaN gets -1.
 *
 * @param grades from {@linkcode expectedGrades}
 * @param thresholds rising, one fewer than classes
 * @throws {RangeError} for thresholds that do not rise
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decideByThresholds } from "@qsight/qsight/metrics";
 * assert.deepEqual([...decideByThresholds([0.2, 0.9, 1.9], [0.5, 1.5])], [0, 1, 2]);
 * ```
 */
export function decideByThresholds(grades: Labels, thresholds: Labels): Int32Array {
  for (let i = 0; i < thresholds.length; i++) {
    if (!Number.isNaN(thresholds[i]) && !(thresholds[i] < thresholds[i - 1])) continue;
    throw new RangeError(
      `decideByThresholds(): found threshold ${thresholds[i]} after ${thresholds[i - 1]}, wanted ` +
        `rising ones. Take those of fitThresholds()`,
    );
  }
  return Int32Array.from({ length: grades.length }, (_, row) => {
    if (Number.isNaN(grades[row])) return -1;
    let grade = 0;
    while (grade < thresholds.length && grades[row] >= thresholds[grade]) grade++;
    return grade;
  });
}

/** Rounds of moving one threshold after the other; a round that changes nothing is the last. */
const MOST_ROUNDS = 50;

/**
 * The thresholds on expected grades with the highest quadratic weighted kappa on these rows, found by
 * moving one after the other, from halves between grades, to its best place between two neighbouring
 * rows. Fit them on other rows than those that are reported: see {@linkcode decideOutOfFold}.
 *
 * @returns `classes - 1` rising numbers; the halves between grades where kappa is undefined
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decideByThresholds, fitThresholds } from "@qsight/qsight/metrics";
 * const grades = [0.1, 0.2, 0.4, 0.5]; // all would be grade 0 by halves
 * const thresholds = fitThresholds([0, 0, 1, 1], grades, { classes: 2 });
 * assert.deepEqual([...decideByThresholds(grades, thresholds)], [0, 0, 1, 1]);
 * ```
 */
export function fitThresholds(
  yTrue: Labels,
  grades: Labels,
  options: ClassesOptions,
): number[] {
  const where = "fitThresholds()";
  checkOptions(where, options, ["classes"]);
  const { classes } = options;
  checkClasses(where, classes);
  checkLabels(where, yTrue, classes);
  checkProbabilities(where, grades, { rows: yTrue.length, classes: 1 });
  const order = Array.from({ length: yTrue.length }, (_, row) => row)
    .filter((row) => !Number.isNaN(grades[row]))
    .sort((a, b) => grades[a] - grades[b]);
  const sorted = order.map((row) => grades[row]);
  const below = countsBelow(order.map((row) => yTrue[row]), classes);
  const halves = Array.from({ length: classes - 1 }, (_, k) => k + 0.5);
  // As positions in the sorted rows: what lies below a threshold.
  const places = halves.map((half) => sorted.filter((grade) => grade < half).length);
  const allowed = sorted.flatMap((grade, i) => i === 0 || grade !== sorted[i - 1] ? [i] : [])
    .concat(sorted.length);
  const kappa = () => kappaOf(places, { below, classes, rows: sorted.length });
  let best = kappa(), moved = new Set<number>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = best;
    for (let k = 0; k < places.length; k++) {
      const low = places[k - 1] ?? 0, high = places[k + 1] ?? sorted.length, own = places[k];
      let place = own;
      for (const candidate of allowed) {
        if (candidate < low || candidate > high) continue;
        places[k] = candidate;
        const value = kappa();
        if (value > best + 1e-12) [best, place] = [value, candidate];
      }
      places[k] = place;
      if (place !== own) moved = moved.add(k);
    }
    if (best === before) break;
  }
  return rising(places.map((place, k) => moved.has(k) ? between(sorted, place) : halves[k]));
}

/** How many rows of each class are among the first so many. */
function countsBelow(labels: readonly number[], classes: number): Int32Array[] {
  const counts = [new Int32Array(classes)];
  for (const label of labels) {
    const next = Int32Array.from(counts[counts.length - 1]);
    next[label]++;
    counts.push(next);
  }
  return counts;
}

/** Kappa of a cut. It is undefined where all rows are of one grade and get it: nothing is better. */
function kappaOf(
  places: readonly number[],
  { below, classes, rows }: {
    readonly below: readonly Int32Array[];
    readonly classes: number;
    readonly rows: number;
  },
): number {
  const ends = [0, ...places, rows];
  const confusion = Array.from(
    { length: classes },
    (_, t) => Array.from({ length: classes }, (_, p) => below[ends[p + 1]][t] - below[ends[p]][t]),
  );
  return cohenKappaOf(confusion, "quadratic").value ?? 1;
}

/** Half way between the rows on both sides of a place. */
function between(sorted: readonly number[], place: number): number {
  if (place === 0) return sorted[0];
  if (place === sorted.length) return sorted[place - 1] + 1e-9;
  return (sorted[place - 1] + sorted[place]) / 2;
}

/** A threshold that stayed at its half may lie past one that moved to the same place. */
function rising(thresholds: readonly number[]): number[] {
  let highest = -Infinity;
  return thresholds.map((value) => highest = Math.max(highest, value));
}
