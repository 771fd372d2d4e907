import type { ClassesOptions } from "./accuracy.ts";
import type { Labels } from "./check_labels.ts";
import { checkProbabilityArguments, logLoss } from "./log_loss.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/** The temperature, and what it does to the log loss. */
export interface FittedTemperature extends Metric {
  /** Log loss of the probabilities as they are; null where `value` is. */
  readonly before: number | null;
  /** Log loss after the division; null where `value` is. */
  readonly after: number | null;
}

/** No temperature is below 1 / HIGHEST or above HIGHEST. */
const HIGHEST = 100;
/** A float32 softmax can answer 0; its logarithm is not known then, only that it is lower than this. */
const SMALLEST = 1e-38;
/** Halves an interval of ln 10,000 to less than 1e-12. */
const STEPS = 48;

/**
 * The temperature by which logits must be divided for the lowest log loss on these rows (Guo et al.,
 * arXiv:1706.04599), above 1 for predictions that are too certain. Fit it on validation rows, never
 * on those that are reported. It is kept between 0.01 and 100, where rows that are all right, or
 * worse than chance, would have it 0 or infinite. Undefined without rows and with NaN.
 *
 * @param probabilities flat, row after row; their logarithms stand for the logits
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fitTemperature } from "@qsight/qsight/metrics";
 *
 * // 90 % certain each time, and right in three of four: 75 % would be honest.
 * const rows = [0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1];
 * const { value } = fitTemperature([0, 0, 0, 1], rows, { classes: 2 });
 * assert.ok(Math.abs(value! - Math.log(9) / Math.log(3)) < 1e-6); // 2: ln 9 becomes ln 3
 * ```
 */
export function fitTemperature(
  yTrue: Labels,
  probabilities: Labels,
  options: ClassesOptions,
): FittedTemperature {
  checkProbabilityArguments("fitTemperature()", yTrue, probabilities, options);
  const { classes } = options;
  const before = logLoss(yTrue, probabilities, options);
  if (before.value === null) return { ...notDefined(before.reason!), before: null, after: null };
  const logits = Float64Array.from(probabilities, (p) => Math.log(Math.max(p, SMALLEST)));
  // The loss is convex in the inverse temperature, so its slope has one zero.
  let low = -Math.log(HIGHEST), high = Math.log(HIGHEST);
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (slope(yTrue, logits, { classes, inverse: Math.exp(middle) }) > 0) high = middle;
    else low = middle;
  }
  const inverse = Math.exp((low + high) / 2);
  const cooled = softmax(logits, { classes, inverse });
  const after = logLoss(yTrue, cooled, options).value;
  return { ...defined(1 / inverse), before: before.value, after };
}

/** Of the log loss by the inverse temperature: what is expected of the logits less what is true. */
function slope(
  yTrue: Labels,
  logits: Float64Array,
  { classes, inverse }: { readonly classes: number; readonly inverse: number },
): number {
  const probabilities = softmax(logits, { classes, inverse });
  let total = 0;
  for (let row = 0; row < yTrue.length; row++) {
    const start = row * classes;
    // Differences first: near a limit the two sums would be equal to the last digit.
    const right = logits[start + yTrue[row]];
    for (let i = start; i < start + classes; i++) total += probabilities[i] * (logits[i] - right);
  }
  return total;
}

/** Of each row, after its logits have been multiplied. */
function softmax(
  logits: Float64Array,
  { classes, inverse }: { readonly classes: number; readonly inverse: number },
): Float64Array {
  const out = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let highest = -Infinity, sum = 0;
    for (let i = start; i < start + classes; i++) highest = Math.max(highest, logits[i]);
    for (let i = start; i < start + classes; i++) {
      out[i] = Math.exp((logits[i] - highest) * inverse);
      sum += out[i];
    }
    for (let i = start; i < start + classes; i++) out[i] /= sum;
  }
  return out;
}
