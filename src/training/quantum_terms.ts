import { checkOptions } from "../_internal/check_options.ts";
import { type Scalar, type Tensor2D, tfjs } from "../tensors/tf.ts";
import {
  distillation,
  type DistillationOptions,
  entropyFloor,
  type EntropyFloorOptions,
} from "./quantum_losses.ts";

/** What is added to the loss of the quantum head. */
export interface QuantumTermsOptions {
  /** The quantum head. @default {"quantum"} */
  readonly head?: string;
  /** Keeps the head from being certain too early. @default {none} */
  readonly entropyFloor?: EntropyFloorOptions;
  /** Lets it learn from another head, where that is active. @default {none; teacher "classical_b"} */
  readonly distillation?: DistillationOptions & { readonly teacher?: string };
}

/**
 * The terms of the quantum head for one batch, summed; null where there is none, because the head or
 * the teacher is not active or the weights are 0: the loss then stays what it was, to the last bit.
 *
 * @param logits `[batch, classes]` of each active head
 * @throws {TypeError} for unknown options, or a head that teaches itself
 */
export function quantumTerms(
  logits: Readonly<Record<string, Tensor2D>>,
  options: QuantumTermsOptions,
): Scalar | null {
  checkOptions("quantumTerms", options, ["head", "entropyFloor", "distillation"]);
  const { head = "quantum", entropyFloor: floor = {}, distillation: lesson = {} } = options;
  const { teacher: name = "classical_b", ...distilling } = lesson;
  if (name === head) {
    throw new TypeError(
      `quantumTerms: head "${head}" cannot be its own teacher; name another head`,
    );
  }
  const student = logits[head], teacher = logits[name];
  if (student === undefined) return null;
  const terms = [
    ...(floor.weight ?? 0) !== 0 ? [entropyFloor(student, floor)] : [],
    ...(distilling.weight ?? 0) !== 0 && teacher !== undefined
      ? [distillation({ student, teacher }, distilling)]
      : [],
  ];
  return terms.length === 0 ? null : tfjs().addN(terms) as Scalar;
}
