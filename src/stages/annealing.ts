import { checkOptions } from "../_internal/check_options.ts";
import { STAGE_DEFAULTS } from "./stage.ts";
import type { Annealed, AnnealingCurve } from "./stage_annealing.ts";

/** Decay of the exponential curve over its whole length. */
const DECAY = 3;
/** Steepness of the sigmoid curve. */
const STEEPNESS = 6;

/** Share of the way done, before it is stretched to begin at 0 and end at 1. */
const SHAPES: Readonly<Record<AnnealingCurve, (progress: number) => number>> = {
  cosine: (progress) => (1 - Math.cos(Math.PI * progress)) / 2,
  linear: (progress) => progress,
  exponential: (progress) => 1 - Math.exp(-DECAY * progress),
  sigmoid: (progress) => 1 / (1 + Math.exp(-STEEPNESS * (2 * progress - 1))),
};

/** Names of all curves. */
export const ANNEALING_CURVES: readonly AnnealingCurve[] = Object.freeze(
  Object.keys(SHAPES) as AnnealingCurve[],
);

/**
 * The value at a share of the way: `from` exactly at 0, `to` exactly at 1, in between never beyond
 * either, whatever the curve.
 *
 * @param progress from 0 to 1, see {@linkcode annealingProgress}
 * @throws {RangeError} for a progress outside 0 to 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { annealedValue } from "@qsight/qsight/stages";
 * const temperature = { from: 2.5, to: 0.6, curve: "sigmoid" } as const;
 * assert.deepEqual([0, 1].map((at) => annealedValue(temperature, at)), [2.5, 0.6]);
 * ```
 */
export function annealedValue(annealed: Annealed, progress: number): number {
  checkOptions("annealedValue()", annealed, ["from", "to", "curve"]);
  const { from, to, curve = STAGE_DEFAULTS.curve } = annealed;
  if (!(progress >= 0 && progress <= 1)) {
    throw new RangeError(
      `annealedValue(): progress must be from 0 to 1, found ${progress}. ` +
        `Use annealingProgress(epoch, epochs)`,
    );
  }
  // Ends are taken as they are: from + (to - from) is not always to.
  if (progress === 0) return from;
  if (progress === 1) return to;
  const shape = SHAPES[curve];
  const [first, last] = [shape(0), shape(1)];
  const share = (shape(progress) - first) / (last - first);
  const value = from + (to - from) * share;
  return Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to));
}

/**
 * Share of a stage's way in an epoch: 0 in the first epoch, 1 in the last. A stage of one epoch is
 * at its end, because its weights are used with the value that stands there.
 *
 * @param epoch from 1
 * @throws {RangeError} when there is no such epoch
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { annealingProgress } from "@qsight/qsight/stages";
 * assert.deepEqual([1, 2, 3].map((epoch) => annealingProgress(epoch, 3)), [0, 0.5, 1]);
 * assert.equal(annealingProgress(1, 1), 1);
 * ```
 */
export function annealingProgress(epoch: number, epochs: number): number {
  if (!(Number.isInteger(epochs) && Number.isInteger(epoch) && epoch >= 1 && epoch <= epochs)) {
    throw new RangeError(
      `annealingProgress(): found epoch ${epoch} of ${epochs}. Count epochs from 1`,
    );
  }
  return epochs === 1 ? 1 : (epoch - 1) / (epochs - 1);
}
