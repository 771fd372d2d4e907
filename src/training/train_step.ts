import { ENSEMBLE, fusionOf, type HybridModel } from "../model/hybrid_model.ts";
import type { Stage } from "../stages/stage.ts";
import { runLayers } from "../tensors/run_layers.ts";
import { type Scalar, type Tensor, type Tensor2D, tfjs, type Variable } from "../tensors/tf.ts";
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

/**
 * One optimisation step: the active heads and the ensemble are evaluated, the weighted sum of their
 * losses is differentiated, the trainable weights move. Heads that are not active are not evaluated.
 */
export async function trainStep(
  model: HybridModel,
  batch: StepBatch,
  options: StepOptions,
): Promise<StepResult> {
  const tf = tfjs();
  const heads = [...fusionOf(model).activeHeads, ENSEMBLE];
  setMaskKey(model, options.maskKey);
  const kept = tf.tidy(() => {
    const x = tf.tensor4d(batch.x, [batch.y.length, model.imageSize, model.imageSize, 3]);
    const y = tf.oneHot(tf.tensor1d(batch.y, "int32"), model.classes.length).cast(
      "float32",
    ) as Tensor2D;
    const variables = trainableVariables(model);
    let kept: { losses: Tensor; logits: Tensor[] } | undefined;
    const { grads } = tf.variableGrads(() => {
      const logits = runLayers(model.network, x, { outputs: heads, training: true }).outputs;
      const losses = logits.map((output) => options.loss(output as Tensor2D, y));
      // variableGrads frees everything but the sum, and these are wanted afterwards.
      kept = { losses: tf.keep(tf.stack(losses)), logits: logits.map((t) => tf.keep(t.clone())) };
      return weightedSum(losses, heads, options.stage);
    }, variables);
    options.optimizer.apply(variables, { gradients: grads, learningRate: options.learningRate });
    return kept!;
  });
  const losses = Array.from(await kept.losses.data());
  const logits = await Promise.all(
    kept.logits.map((output) => output.data() as Promise<Float32Array>),
  );
  tf.dispose([kept.losses, ...kept.logits]);
  return { heads, losses, logits };
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
