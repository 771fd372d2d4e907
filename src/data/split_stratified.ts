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
 * at least one sample in training; a class of two or more has at least one in validation. With
 * `groups` the first holds as well, the second unless training would lose a class by it.
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
  const units: Unit[] = [];
  for (const [label, samples] of unitsByLabel(labels, groups)) {
    const shuffled = new SeededRandom(`split/${seed}/${label}`).shuffle(samples);
    const least = samples.length > 1 ? 1 : 0;
    const wanted = Math.round(samples.length * valFraction);
    const taken = Math.max(least, Math.min(samples.length - 1, wanted));
    shuffled.forEach((unit, i) => units.push(newUnit(unit, labels, i < taken ? "val" : "train")));
  }
  // A group brings classes besides the one it counts as; only groups can make this necessary.
  if (groups !== undefined) spreadClasses(units);
  const side = (wanted: Unit["side"]) =>
    units.filter((unit) => unit.side === wanted).flatMap(({ samples }) => samples)
      .sort((a, b) => a - b);
  return { train: side("train"), val: side("val") };
}

/** What may not be torn apart: a sample, or a group of samples. */
interface Unit {
  readonly samples: readonly number[];
  /** The classes in it. */
  readonly classes: readonly number[];
  /** The highest of them. */
  readonly label: number;
  side: "train" | "val";
}

function newUnit(
  samples: readonly number[],
  labels: ArrayLike<number>,
  side: Unit["side"],
): Unit {
  const classes = [...new Set(samples.map((i) => labels[i]))].sort((a, b) => a - b);
  return { samples, classes, label: classes[classes.length - 1], side };
}

/**
 * Brings every class to training, then to validation where training can spare it. For each unit
 * that goes over, one that counts as the same class comes back, if its side can spare it.
 */
function spreadClasses(units: readonly Unit[]): void {
  const classes = [...new Set(units.flatMap((unit) => unit.classes))].sort((a, b) => a - b);
  const counts = { train: new Map<number, number>(), val: new Map<number, number>() };
  const count = ({ classes, side }: Unit, by: number) =>
    classes.forEach((c) => counts[side].set(c, (counts[side].get(c) ?? 0) + by));
  const move = (unit: Unit, to: Unit["side"]) => {
    count(unit, -1);
    unit.side = to;
    count(unit, 1);
  };
  const canSpare = ({ classes, side }: Unit) => classes.every((c) => counts[side].get(c)! > 1);
  for (const unit of units) count(unit, 1);
  for (const [to, from] of [["train", "val"], ["val", "train"]] as const) {
    for (const missing of classes.filter((c) => !counts[to].get(c))) {
      if (counts[to].get(missing)) continue; // Came along with another class.
      const given = units.find((unit) =>
        unit.side === from && unit.classes.includes(missing) && (to === "train" || canSpare(unit))
      );
      if (given === undefined) continue;
      move(given, to);
      const back = units.find((unit) =>
        unit !== given && unit.side === to && unit.label === given.label && canSpare(unit)
      );
      if (back !== undefined) move(back, from);
    }
  }
}

/** Units under the highest label in them. */
function unitsByLabel(
  labels: ArrayLike<number>,
  groups: readonly string[] | undefined,
): Map<number, (readonly number[])[]> {
  const byLabel = new Map<number, (readonly number[])[]>();
  for (const unit of sampleUnits("splitStratified()", labels, groups)) {
    append(byLabel, unit.reduce((top, i) => Math.max(top, labels[i]), 0), unit);
  }
  return byLabel;
}

/**
 * Positions that may not be torn apart, in the order of their first samples.
 *
 * @param where how errors call the function that was called
 * @throws {RangeError} for labels that are no integers from 0, and another number of groups
 */
export function sampleUnits(
  where: string,
  labels: ArrayLike<number>,
  groups: readonly string[] | undefined,
): (readonly number[])[] {
  if (groups !== undefined && groups.length !== labels.length) {
    throw new RangeError(
      `${where}: found ${groups.length} groups for ${labels.length} labels, wanted as many. ` +
        "Pass one group name a sample.",
    );
  }
  const units = new Map<number | string, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0) {
      throw new RangeError(
        `${where}: found label ${label} at position ${i}, wanted an integer from 0. ` +
          "Pass class indices, not names.",
      );
    }
    append(units, groups ? groups[i] : i, i);
  }
  return [...units.values()];
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const present = lists.get(key);
  if (present) present.push(value);
  else lists.set(key, [value]);
}
