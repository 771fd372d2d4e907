import { checkOptions } from "../_internal/check_options.ts";
import { checkLabels, checkProbabilities, classNamesOf, type Labels } from "./check_labels.ts";

/** Options of curves with one line a class. */
export interface CurveOptions {
  /** Class names in class order, or just their number. */
  readonly classes: number | readonly string[];
}

/** How many rows above a falling threshold are of the class, and how many are not. */
export interface Sweep {
  /** Rows of the class above each threshold; begins with 0. */
  readonly hits: readonly number[];
  /** Other rows above each threshold; begins with 0. */
  readonly falseAlarms: readonly number[];
}

/** The class names, after a check of all arguments that figures of one head have in common. */
export function curveClasses(
  where: string,
  yTrue: Labels,
  probabilities: Labels,
  options: CurveOptions,
  known: readonly string[] = ["classes"],
): string[] {
  checkOptions(where, options, known);
  const names = classNamesOf(where, options.classes);
  checkLabels(where, yTrue, names.length);
  checkProbabilities(where, probabilities, { rows: yTrue.length, classes: names.length });
  return names;
}

/**
 * Lowers the threshold on the probability of one class from above all to below all; rows of equal
 * probability pass it together. A sentence instead where a probability is NaN.
 */
export function sweepClass(
  yTrue: Labels,
  probabilities: Labels,
  { c, classes }: { readonly c: number; readonly classes: number },
): Sweep | string {
  const scores = Float64Array.from(yTrue, (_, row) => probabilities[row * classes + c]);
  if (scores.some(Number.isNaN)) return `a probability of class ${c} is NaN`;
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  const hits = [0], falseAlarms = [0];
  let hit = 0, falseAlarm = 0;
  order.forEach((row, i) => {
    if (yTrue[row] === c) hit++;
    else falseAlarm++;
    if (i + 1 < order.length && scores[order[i + 1]] === scores[row]) return;
    hits.push(hit);
    falseAlarms.push(falseAlarm);
  });
  return { hits, falseAlarms };
}

/** Places at which curves are averaged over classes: 0, 0.01 … 1. */
export const GRID: readonly number[] = Array.from({ length: 101 }, (_, i) => i / 100);

/** The mean of curves at each place of the grid; empty without curves. */
export function meanCurve(curves: readonly ((x: number) => number)[]): number[] {
  if (curves.length === 0) return [];
  return GRID.map((x) => curves.reduce((sum, curve) => sum + curve(x), 0) / curves.length);
}
