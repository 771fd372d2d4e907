import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";

/** Options of {@linkcode splitStratified}. */
export interface SplitStratifiedOptions {
  /** Share of each class that goes to validation, above 0 and below 1. @default {0.2} */
  readonly valFraction?: number;
  /** Seed of the draw. @default {0} */
  readonly seed?: number;
  /**
   * One name a sample; samples of a name stay together, e.g. the two eyes of a patient. A group counts
   * as its highest label. @default {every sample on its own}
   */
  readonly groups?: readonly string[];
}

/** Positions of the two splits, each in rising order. */
export interface SplitIndices {
  /** Positions for training. */
  readonly train: readonly number[];
  /** Positions for validation. */
  readonly val: readonly number[];
}

/**
 * Cuts labels into a training and a validation part with the same class shares. Every class keeps
 * at least one sample in training; a class of two or more has at least one in validation.
 *
 * @param labels class index of each sample, integers from 0
 * @throws {RangeError} when a label is no integer from 0 or valFraction is not between 0 and 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { splitStratified } from "@qsight/qsight/data";
 * const { train, val } = splitStratified([0, 0, 0, 0, 1, 1, 1, 1], { valFraction: 0.25, seed: 1 });
 * assert.deepEqual([train.length, val.length], [6, 2]);
 * ```
 */
export function splitStratified(
  labels: ArrayLike<number>,
  options: SplitStratifiedOptions = {},
): SplitIndices {
  checkOptions("splitStratified()", options, ["valFraction", "seed", "groups"]);
  const { valFraction = 0.2, seed = 0, groups } = options;
  if (!(valFraction > 0 && valFraction < 1)) {
    throw new RangeError(
      `splitStratified(): found valFraction ${valFraction}, wanted a number between 0 and 1. ` +
        "Pass 0.2 to keep a fifth for validation.",
    );
  }
  if (groups !== undefined && groups.length !== labels.length) {
    throw new RangeError(
      `splitStratified(): found ${groups.length} groups for ${labels.length} labels, wanted as many. ` +
        "Pass one group name a sample.",
    );
  }
  const train: number[] = [], val: number[] = [];
  for (const [label, units] of unitsByLabel(labels, groups)) {
    const shuffled = new SeededRandom(`split/${seed}/${label}`).shuffle(units);
    const least = units.length > 1 ? 1 : 0;
    const wanted = Math.round(units.length * valFraction);
    const taken = Math.max(least, Math.min(units.length - 1, wanted));
    val.push(...shuffled.slice(0, taken).flat());
    train.push(...shuffled.slice(taken).flat());
  }
  const rising = (a: number, b: number) => a - b;
  return { train: train.sort(rising), val: val.sort(rising) };
}

/** What may not be torn apart, under the highest label in it: samples, or groups of samples. */
function unitsByLabel(
  labels: ArrayLike<number>,
  groups: readonly string[] | undefined,
): Map<number, number[][]> {
  const units = new Map<number | string, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0) {
      throw new RangeError(
        `splitStratified(): found label ${label} at position ${i}, wanted an integer from 0. ` +
          "Pass class indices, not names.",
      );
    }
    append(units, groups ? groups[i] : i, i);
  }
  const byLabel = new Map<number, number[][]>();
  for (const unit of units.values()) {
    append(byLabel, unit.reduce((top, i) => Math.max(top, labels[i]), 0), unit);
  }
  return byLabel;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const present = lists.get(key);
  if (present) present.push(value);
  else lists.set(key, [value]);
}
