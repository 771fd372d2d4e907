import { ENSEMBLE, fusionOf, type HybridModel } from "../model/hybrid_model.ts";
import type { Stage } from "../stages/stage.ts";
import { discardTape } from "../tensors/discard_tape.ts";
import { runLayers } from "../tensors/run_layers.ts";
import {
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tfjs,
  type Variable,
} from "../tensors/tf.ts";
import type { AdamW } from "./adamw.ts";
import type { Loss } from "./losses.ts";

/** What one step needs. */
export interface StepOptions {
  readonly stage: Stage;
  readonly loss: Loss;
  readonly optimizer: AdamW;
  readonly learningRate: number;
  /** Key of the dropout masks: seed, stage, epoch and step. */
  readonly maskKey: string;
}

/** What one step left, by output: the active heads, then the ensemble. */
export interface StepResult {
  readonly heads: readonly string[];
  /** Mean loss of each output over the batch. */
  readonly losses: readonly number[];
  /** Logits of each output, `batch * classes`. */
  readonly logits: readonly Float32Array[];
}

/** Images `[batch, size, size, 3]` in [0, 1] and labels. */
export interface StepBatch {
  readonly x: Float32Array;
  readonly y: Int32Array;
}

/** A loss that is not a number any more. */
export class NonFiniteLossError extends Error {
  /** Tells it from other errors. */
  override name = "NonFiniteLossError";
}

/**
 * One optimisation step: the active heads and the ensemble are evaluated, the weighted sum of their
 * losses is differentiated, the trainable weights move. Heads that are not active are not evaluated.
 *
 * @throws {NonFiniteLossError} when a loss is NaN or infinite; no weight has moved then
 */
export async function trainStep(
  model: HybridModel,
  batch: StepBatch,
  options: StepOptions,
): Promise<StepResult> {
  const tf = tfjs();
  const heads = [...fusionOf(model).activeHeads, ENSEMBLE];
  setMaskKey(model, options.maskKey);
  const variables = trainableVariables(model);
  const { losses, logits, gradients } = differentiate(model, batch, {
    ...options,
    heads,
    variables,
  });
  try {
    const values = Array.from(await losses.data());
    checkFinite(values, heads, options.stage);
    const { learningRate } = options;
    options.optimizer.apply(variables, { gradients, learningRate });
    const outputs = await Promise.all(logits.map((x) => x.data() as Promise<Float32Array>));
    return { heads, losses: values, logits: outputs };
  } finally {
    tf.dispose([losses, ...logits, ...Object.values(gradients)]);
  }
}

/** Losses, logits and gradients of a batch; all of them are the caller's to dispose. */
function differentiate(
  model: HybridModel,
  batch: StepBatch,
  { heads, variables, loss, stage }: StepOptions & {
    readonly heads: readonly string[];
    readonly variables: Variable[];
  },
): { losses: Tensor; logits: Tensor[]; gradients: NamedTensorMap } {
  const tf = tfjs();
  const kept: Tensor[] = [];
  try {
    const gradients = tf.tidy(() => {
      const x = tf.tensor4d(batch.x, [batch.y.length, model.imageSize, model.imageSize, 3]);
      const labels = tf.tensor1d(batch.y, "int32");
      const y = tf.oneHot(labels, model.classes.length).cast("float32") as Tensor2D;
      return tf.variableGrads(() => {
        const logits = runLayers(model.network, x, { outputs: heads, training: true }).outputs;
        const losses = logits.map((output) => loss(output as Tensor2D, y));
        // variableGrads frees everything but the sum, and these are wanted afterwards.
        kept.push(tf.keep(tf.stack(losses)), ...logits.map((output) => tf.keep(output.clone())));
        return weightedSum(losses, heads, stage);
      }, variables).grads;
    });
    const [losses, ...logits] = kept;
    return { losses, logits, gradients };
  } catch (error) {
    tf.dispose(kept);
    discardTape(tf);
    throw error;
  }
}

function checkFinite(losses: readonly number[], heads: readonly string[], stage: Stage): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  if (bad === -1) return;
  throw new NonFiniteLossError(
    `Loss of "${heads[bad]}" is ${losses[bad]} in stage "${stage.name}": lower its learningRate ` +
      `(now ${stage.learningRate}) or look for bad values in the images`,
  );
}

function weightedSum(losses: readonly Scalar[], heads: readonly string[], stage: Stage): Scalar {
  const parts = losses.flatMap((loss, i) => {
    const weight = stage.lossWeights[heads[i]] ?? 0;
    return weight > 0 ? [loss.mul(weight)] : [];
  });
  return tfjs().addN(parts).asScalar();
}

/** The variables that the stage mask left trainable. */
function trainableVariables(model: HybridModel): Variable[] {
  return model.network.trainableWeights.map((weight) => weight.read() as Variable);
}

function setMaskKey(model: HybridModel, key: string): void {
  for (const layer of model.network.layers) {
    if ("maskKey" in layer) layer.maskKey = key;
  }
}
