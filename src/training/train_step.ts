import { ENSEMBLE, fusionOf, type HybridModel } from "../model/hybrid_model.ts";
import type { Stage } from "../stages/stage.ts";
import { discardTape } from "../tensors/discard_tape.ts";
import type { KeyedLayer } from "../model/layers/batch_rows.ts";
import { runLayers } from "../tensors/run_layers.ts";
import {
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tfjs,
  type Variable,
} from "../tensors/tf.ts";
import type { GradientAccumulator } from "./accumulate_gradients.ts";
import { byRate } from "./by_rate.ts";
import { clipGradients } from "./clip_gradients.ts";
import type { Loss } from "./losses.ts";
import { NonFiniteLossError } from "./non_finite_loss.ts";
import type { Optimizer } from "./optimizer.ts";
import type { PartTensors, Replica } from "./replicas/replica.ts";

/** What one step needs. */
export interface StepOptions {
  readonly stage: Stage;
  readonly loss: Loss;
  /** What some outputs cost besides, from the logits by output; null for nothing. */
  readonly terms?: (logits: ReadonlyMap<string, Tensor2D>) => Scalar | null;
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** Key of the dropout masks: seed, stage, epoch and step. */
  readonly maskKey: string;
  /** Collects gradients where several batches make one step. */
  readonly accumulator?: GradientAccumulator;
  /** Whether the weights move in any case, because no batch follows. */
  readonly last: boolean;
  /** Where the batch is a part of a larger one, the rest of which others compute. */
  readonly replica?: Replica;
}

/** What one step left, by output: the active heads, then the ensemble. */
export interface StepResult {
  readonly heads: readonly string[];
  /** Mean loss of each output over the batch. */
  readonly losses: readonly number[];
  /** Logits of each output, `batch * classes`. */
  readonly logits: readonly Float32Array[];
  /** Whether the weights moved, or the gradients wait for more of them. */
  readonly moved: boolean;
}

/** Images `[batch, size, size, 3]` in [0, 1] and labels. */
export interface StepBatch {
  readonly x: Float32Array;
  readonly y: Int32Array;
  /** Of mixed images the share of each class, `[batch, classes]`. @default {1 for the label} */
  readonly shares?: Float32Array;
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
  const { replica, stage } = options;
  setMaskKey(model, options);
  const variables = trainableVariables(model);
  // A batch smaller than two rows a replica is computed by the first one alone.
  const part = batch.y.length === 0
    ? null
    : differentiate(model, batch, { ...options, heads, variables });
  try {
    if (replica !== undefined) {
      return await stepTogether(variables, part, { ...options, model, heads, replica });
    }
    const { losses, logits, gradients } = part!;
    const values = Array.from(await losses.data());
    checkFinite(values, heads, stage);
    const given = { gradients, samples: batch.y.length };
    const moved = await step(variables, given, { ...options, model });
    const outputs = await Promise.all(logits.map((x) => x.data() as Promise<Float32Array>));
    return { heads, losses: values, logits: outputs, moved };
  } finally {
    if (part !== null) tf.dispose([part.losses, ...part.logits, ...Object.values(part.gradients)]);
  }
}

/** Trades the part of a batch for the whole of it; then all replicas do the same. */
async function stepTogether(
  variables: readonly Variable[],
  part: PartTensors | null,
  options: StepOptions & {
    readonly model: HybridModel;
    readonly heads: readonly string[];
    readonly replica: Replica;
  },
): Promise<StepResult> {
  const { replica, heads, stage } = options;
  const { losses, logits, gradients } = await replica.exchange(variables, part);
  try {
    checkFinite(losses, heads, stage);
    const moved = await step(variables, { gradients, samples: replica.rows.total }, options);
    return { heads, losses, logits, moved };
  } finally {
    tfjs().dispose(Object.values(gradients));
  }
}

/** Moves the weights, or keeps the gradients until enough of them have come together. */
async function step(
  variables: readonly Variable[],
  given: { readonly gradients: NamedTensorMap; readonly samples: number },
  options: StepOptions & { readonly model: HybridModel },
): Promise<boolean> {
  const { accumulator, optimizer, learningRate, last } = options;
  const { clipNorm } = options.stage;
  let { gradients } = given;
  const made: NamedTensorMap[] = [];
  if (accumulator !== undefined) {
    accumulator.add(gradients, given.samples);
    if (!accumulator.full && !last) return false;
    made.push(gradients = accumulator.take());
  }
  try {
    if (clipNorm !== null) made.push(gradients = await clipped(gradients, options.stage));
    for (const { members, factor } of byRate(options.model, { variables, stage: options.stage })) {
      optimizer.apply(members, { gradients, learningRate: learningRate * factor });
    }
    return true;
  } finally {
    tfjs().dispose(made);
  }
}

/** @throws {NonFiniteLossError} for gradients without a length */
async function clipped(gradients: NamedTensorMap, stage: Stage): Promise<NamedTensorMap> {
  const { gradients: shorter, norm } = clipGradients(gradients, stage.clipNorm!);
  const [length] = await norm.data();
  norm.dispose();
  if (Number.isFinite(length)) return shorter;
  tfjs().dispose(shorter);
  throw new NonFiniteLossError(
    `The gradients of stage "${stage.name}" have length ${length}: lower its learningRate (now ` +
      `${stage.learningRate}) or look for bad values in the images`,
  );
}

/** Losses, logits and gradients of a batch; all of them are the caller's to dispose. */
function differentiate(
  model: HybridModel,
  batch: StepBatch,
  { heads, variables, loss, terms, stage, replica }: StepOptions & {
    readonly heads: readonly string[];
    readonly variables: Variable[];
  },
): PartTensors {
  const tf = tfjs();
  const kept: Tensor[] = [];
  try {
    const gradients = tf.tidy(() => {
      const x = tf.tensor4d(batch.x, [batch.y.length, model.imageSize, model.imageSize, 3]);
      const y = labelsOf(batch, model.classes.length);
      return tf.variableGrads(() => {
        const logits = runLayers(model.network, x, { outputs: heads, training: true }).outputs;
        const losses = logits.map((output) => loss(output as Tensor2D, y));
        // variableGrads frees everything but the sum, and these are wanted afterwards.
        kept.push(tf.keep(tf.stack(losses)), ...logits.map((output) => tf.keep(output.clone())));
        const sum = weightedSum(losses, heads, stage);
        const more = terms?.(new Map(heads.map((head, i) => [head, logits[i] as Tensor2D]))) ??
          null;
        const whole = more === null ? sum : sum.add(more).asScalar();
        return replica === undefined ? whole : whole.mul(replica.share).asScalar();
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

function labelsOf({ y, shares }: StepBatch, classes: number): Tensor2D {
  const tf = tfjs();
  if (shares !== undefined) return tf.tensor2d(shares, [y.length, classes]);
  return tf.oneHot(tf.tensor1d(y, "int32"), classes).cast("float32") as Tensor2D;
}

function checkFinite(losses: readonly number[], heads: readonly string[], stage: Stage): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  if (bad === -1) return;
  throw new NonFiniteLossError(
    `Loss of "${heads[bad]}" is ${losses[bad]} in stage "${stage.name}": lower its learningRate ` +
      `(now ${stage.learningRate}) or look for bad values in the images`,
    Object.fromEntries(heads.map((head, i) => [head, losses[i]])),
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
export function trainableVariables(model: HybridModel): Variable[] {
  return model.network.trainableWeights.map((weight) => weight.read() as Variable);
}

function setMaskKey(model: HybridModel, { maskKey, replica }: StepOptions): void {
  for (const layer of model.network.layers) {
    if (!("maskKey" in layer)) continue;
    const keyed = layer as unknown as KeyedLayer;
    keyed.maskKey = maskKey;
    keyed.maskRows = replica?.rows ?? null;
  }
}
