import { checkOptions } from "../_internal/check_options.ts";
import { batches } from "../data/batches.ts";
import { dihedralView, VIEWS } from "../data/dihedral_views.ts";
import type { ImageSet } from "../data/image_set.ts";
import { ENSEMBLE, fusionOf, type HybridModel } from "../model/hybrid_model.ts";
import { checkTestTime, type TestTime } from "../model/test_time.ts";
import { checkSet } from "./check_set.ts";
import { runLayers } from "../tensors/run_layers.ts";
import { type Tensor2D, tfjs } from "../tensors/tf.ts";

/** Probabilities of a model on a set. */
export interface Evaluation {
  /** Class index of each image. */
  readonly yTrue: Int32Array;
  /** Name of each image. */
  readonly ids: readonly string[];
  /** Class names in the order of the indices. */
  readonly classes: readonly string[];
  /** `count * classes` probabilities by head, the active ones and `ensemble`; an inactive head is null. */
  readonly heads: Readonly<Record<string, Float32Array | null>>;
}

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions {
  /** Images in one forward pass. @default {64} */
  readonly batchSize?: number;
  /**
   * `"dihedral"`: the mean of the probabilities over the eight turns by quarters and mirror images of
   * each image, which a fundus photograph has no preference for. @default {"none"}
   */
  readonly testTime?: TestTime;
}

/**
 * Runs a model over a set in inference mode, in the order of the set.
 *
 * @throws {RangeError} when the images or classes are not those of the model
 */
export async function evaluate(
  model: HybridModel,
  set: ImageSet,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkOptions("evaluate", options, ["batchSize", "testTime"]);
  checkTestTime("evaluate", options.testTime);
  checkSet("evaluate", model, set);
  return (await evaluateWith(model, set, { ...options, goOn: () => Promise.resolve(true) }))!;
}

/** {@linkcode evaluate} that asks after each batch whether to go on; null when it should not. */
export async function evaluateWith(
  model: HybridModel,
  set: ImageSet,
  { batchSize = 64, testTime = "none", goOn }: EvaluateOptions & {
    readonly goOn: () => Promise<boolean>;
  },
): Promise<Evaluation | null> {
  const tf = tfjs();
  const active = [...fusionOf(model).activeHeads];
  const wanted = [...active, ENSEMBLE];
  const classes = model.classes.length;
  const found = wanted.map(() => new Float32Array(set.count * classes));
  let at = 0;
  for (const batch of batches(set, { batchSize, shuffle: false })) {
    const count = batch.y.length, side = set.width;
    const views = testTime === "none" ? 1 : VIEWS;
    const outputs = tf.tidy(() => {
      const all = Array.from({ length: views }, (_, view) => {
        const seen = dihedralView(batch.x, { count, side, view });
        const x = tf.tensor4d(seen, [count, set.height, set.width, 3]);
        const { outputs } = runLayers(model.network, x, { outputs: wanted, training: false });
        return outputs.map((logits) => tf.softmax(logits as Tensor2D));
      });
      return views === 1
        ? all[0]
        : wanted.map((_, i) => tf.addN(all.map((of) => of[i])).div(views));
    });
    for (const [i, output] of outputs.entries()) {
      found[i].set(await output.data(), at * classes);
      output.dispose();
    }
    at += batch.y.length;
    if (!await goOn()) return null;
  }
  const heads: Record<string, Float32Array | null> = {};
  for (const head of model.heads) heads[head] = null;
  wanted.forEach((head, i) => heads[head] = found[i]);
  return { yTrue: set.labels, ids: set.ids, classes: model.classes, heads };
}
