import { checkMask, type RecordedMask } from "./recorded_mask.ts";
import { modelParts, type StageModel } from "./stage_model.ts";
import { Votes } from "./votes.ts";

/** A recorded mask in force on a model, for inference. */
export interface AppliedMask {
  /** Whether each head votes, in the order of the outputs. */
  readonly heads: Readonly<Record<string, boolean>>;
  /**
   * The outputs of the model by name, null for a head that does not vote: it has no answer, which
   * is something else than equal shares.
   *
   * @param outputs what `model.predict` returned
   * @throws {RangeError} for another number of outputs than the model has
   */
  answers<T>(outputs: T | readonly T[]): Record<string, T | null>;
  /** Brings the votes back as they were. May be called twice. */
  restore(): void;
}

/**
 * Puts a mask from a checkpoint in force for inference: the heads that voted in training vote in the
 * fusion of the model, if it has one, and all others answer null.
 *
 * @param mask what `toJSON()` of an applied stage returned, read back from a file
 * @throws {TypeError} for another kind of record, or one for other heads
 * @throws {RangeError} for a record without an active head
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { applyMask, applyStage, defineStages } from "@qsight/qsight/stages";
 * const input = tf.input({ shape: [2] });
 * const outputs = ["left", "right"].map((name) =>
 *   tf.layers.dense({ units: 1, name }).apply(input) as tf.SymbolicTensor
 * );
 * const model = tf.model({ inputs: input, outputs });
 * const [stage] = defineStages([{ name: "s", epochs: 1, train: ["left"], heads: ["left"] }]);
 * const inTraining = applyStage(model, stage);
 * const text = JSON.stringify(inTraining);
 * inTraining.restore();
 *
 * const mask = applyMask(model, JSON.parse(text));
 * const answers = mask.answers(model.predict(tf.ones([1, 2])) as tf.Tensor[]);
 * assert.equal(answers.right, null);
 * assert.deepEqual(answers.left?.shape, [1, 1]);
 * ```
 */
export function applyMask(model: StageModel, mask: RecordedMask): AppliedMask {
  checkMask(model, mask);
  const votes = new Votes(modelParts(model).layers, mask);
  const outputs = model.outputs.map(({ sourceLayer }) => sourceLayer.name);
  const votesIn = (name: string) => !mask.heads.includes(name) || mask.activeHeads.includes(name);
  return {
    heads: Object.freeze(
      Object.fromEntries(mask.heads.map((head) => [head, mask.activeHeads.includes(head)])),
    ),
    answers: <T>(given: T | readonly T[]) => {
      const values = Array.isArray(given) ? given as readonly T[] : [given as T];
      if (values.length !== outputs.length) {
        throw new RangeError(
          `answers(): found ${values.length} outputs, wanted ${outputs.length}: ` +
            `${outputs.join(", ")}. Pass what model.predict() returned`,
        );
      }
      return Object.fromEntries(
        outputs.map((name, i) => [name, votesIn(name) ? values[i] : null]),
      );
    },
    restore: () => votes.restore(),
  };
}
