import { checkOptions } from "../_internal/check_options.ts";
import { type Scalar, type Tensor, type Tensor2D, tfjs } from "../tensors/tf.ts";

/** Options of {@linkcode entropyFloor}. */
export interface EntropyFloorOptions {
  /** Factor of the term; 0 leaves it out. @default {0} */
  readonly weight?: number;
  /** Mean entropy in nats below which it counts; at most ln(classes). @default {1.2} */
  readonly target?: number;
}

/**
 * Keeps a head from being certain too early: weight · max(0, target − mean entropy over the batch).
 *
 * @param logits `[batch, classes]`
 * @throws {RangeError} for a weight below 0, or a target that no distribution over the classes reaches
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openTensors, tfjs } from "@qsight/qsight/tensors";
 * import { entropyFloor } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const term = (logits: number[]) =>
 *   entropyFloor(tfjs().tensor2d([logits]), { weight: 2, target: 0.5 }).dataSync()[0];
 * assert.equal(term([0, 0]), 0);
 * assert.equal(term([100, 0]), 1);
 * ```
 */
export function entropyFloor(logits: Tensor2D, options: EntropyFloorOptions = {}): Scalar {
  const { weight, target } = checkFloor(logits.shape[1], options);
  const tf = tfjs();
  return tf.tidy(() => {
    const logP = tf.logSoftmax(logits);
    const entropy = logP.exp().mul(logP).sum(1).mean().neg();
    return tf.relu(entropy.neg().add(target)).mul(weight).asScalar();
  });
}

/** Options of {@linkcode distillation}. */
export interface DistillationOptions {
  /** Factor of the term; 0 leaves it out. @default {0} */
  readonly weight?: number;
  /** Both distributions are softened by it; the term grows by its square in turn. @default {1.5} */
  readonly temperature?: number;
}

/**
 * Lets a head learn from another: weight · T² · KL(teacher ‖ student) of the distributions at
 * temperature T, mean over the batch (Hinton et al., arXiv:1503.02531). The teacher gets no gradient.
 *
 * @param logits of the student and the teacher, both `[batch, classes]`
 * @throws {RangeError} for a weight below 0 or a temperature that is not above 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openTensors, tfjs } from "@qsight/qsight/tensors";
 * import { distillation } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const [student, teacher] = [tfjs().tensor2d([[0, 0]]), tfjs().tensor2d([[0, 3]])];
 * assert.ok(distillation({ student, teacher }, { weight: 1 }).dataSync()[0] > 0.1);
 * assert.equal(distillation({ student, teacher: student }, { weight: 1 }).dataSync()[0], 0);
 * ```
 */
export function distillation(
  { student, teacher }: { readonly student: Tensor2D; readonly teacher: Tensor2D },
  options: DistillationOptions = {},
): Scalar {
  const { weight, temperature } = checkDistillation(options);
  const tf = tfjs();
  return tf.tidy(() => {
    const wanted = tf.logSoftmax(detached(teacher).div(temperature));
    const found = tf.logSoftmax(student.div(temperature));
    const divergence = wanted.exp().mul(wanted.sub(found)).sum(1).mean();
    return divergence.mul(weight * temperature ** 2).asScalar();
  });
}

/** The same numbers, through which no gradient flows. */
function detached<T extends Tensor>(x: T): T {
  const tf = tfjs();
  const pass = tf.customGrad((input) => ({
    value: (input as Tensor).clone(),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }));
  return pass(x) as T;
}

function checkFloor(classes: number, options: EntropyFloorOptions): Required<EntropyFloorOptions> {
  checkOptions("entropyFloor", options, ["weight", "target"]);
  const { weight = 0, target = 1.2 } = options;
  checkWeight("entropyFloor", weight);
  if (target >= 0 && target <= Math.log(classes)) return { weight, target };
  throw new RangeError(
    `entropyFloor: found a target of ${target} nats, wanted 0 to ln(${classes}) = ${
      Math.log(classes).toFixed(3)
    }: more no distribution over ${classes} classes has. Lower it`,
  );
}

function checkDistillation(options: DistillationOptions): Required<DistillationOptions> {
  checkOptions("distillation", options, ["weight", "temperature"]);
  const { weight = 0, temperature = 1.5 } = options;
  checkWeight("distillation", weight);
  if (temperature > 0 && Number.isFinite(temperature)) return { weight, temperature };
  throw new RangeError(
    `distillation: temperature must be above 0, found ${temperature}; leave it out for 1.5`,
  );
}

function checkWeight(where: string, weight: number): void {
  if (weight >= 0 && Number.isFinite(weight)) return;
  throw new RangeError(`${where}: weight must be 0 or more, found ${weight}; leave it out for 0`);
}
