import type { ModelParts, StageLayer, StageWeight } from "./stage_model.ts";

/** The trainable flags of a model as they were found, to be put back exactly. */
export interface TrainableFlags {
  readonly models: readonly boolean[];
  readonly layers: readonly boolean[];
  /** By weight, as the order of `layer.weights` depends on the flags themselves. */
  readonly weights: ReadonlyMap<StageWeight, boolean>;
}

/** Reads the flags of all models, layers and weights. */
export function readTrainableFlags({ models, layers }: ModelParts): TrainableFlags {
  const weights = layers.flatMap(({ layer }) => layer.weights);
  return {
    models: models.map((model) => model.trainable),
    layers: layers.map(({ layer }) => layer.trainable),
    weights: new Map(weights.map((weight) => [weight, weight.trainable])),
  };
}

/** Models first, then layers, then weights: each setter overwrites what is below it. */
export function writeTrainableFlags({ models, layers }: ModelParts, flags: TrainableFlags): void {
  models.forEach((model, i) => model.trainable = flags.models[i]);
  layers.forEach(({ layer }, i) => layer.trainable = flags.layers[i]);
  for (const [weight, trainable] of flags.weights) weight.trainable = trainable;
}

/** Makes some layers trainable and no others; a weight that both kinds share stays trainable. */
export function setTrainable(parts: ModelParts, trained: ReadonlySet<StageLayer>): void {
  for (const model of parts.models) model.trainable = true;
  for (const { layer } of parts.layers) if (!trained.has(layer)) layer.trainable = false;
  for (const { layer } of parts.layers) if (trained.has(layer)) layer.trainable = true;
}
