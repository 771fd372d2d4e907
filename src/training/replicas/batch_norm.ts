import { type LayersModel, type Tensor, tfjs } from "../../tensors/tf.ts";
import { type NormLayer, synchronizedBatchNorm } from "./synchronized_batch_norm.ts";

/**
 * Which images the statistics of batch normalisation are taken of in training: those of the replica's
 * part of the batch; those of the whole batch; or none, the moving statistics staying as they are.
 */
export type BatchNormMode = "replica" | "synchronized" | "frozen";

/** All of them, the default first. */
export const BATCH_NORM_MODES: readonly BatchNormMode[] = ["replica", "synchronized", "frozen"];

/** The door to the other replicas within a layer. */
export interface Statistics {
  /** Publishes numbers and returns those of all replicas; null while a replica is alone. */
  gather: ((own: Float32Array) => Float32Array[]) | null;
}

type Layer = LayersModel["layers"][number];

/** Takes back what {@linkcode setBatchNorm} did. */
export type RestoreBatchNorm = () => void;

/** Lets the batch normalisations of a network, nested ones too, take their statistics as asked. */
export function setBatchNorm(
  network: LayersModel,
  { mode, statistics }: { readonly mode: BatchNormMode; readonly statistics: Statistics },
): RestoreBatchNorm {
  if (mode === "replica") return () => {};
  const layers = [...new Set(normLayers(network))];
  for (const layer of layers) {
    const { call } = layer;
    layer.call = (inputs, kwargs) => {
      if (kwargs?.training !== true) return call.call(layer, inputs, kwargs);
      if (mode === "frozen") return call.call(layer, inputs, { ...kwargs, training: false });
      const { gather } = statistics;
      if (gather === null) return call.call(layer, inputs, kwargs);
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor;
      return synchronizedBatchNorm(tfjs(), x, { layer: layer as unknown as NormLayer, gather });
    };
  }
  return () => {
    for (const layer of layers) Reflect.deleteProperty(layer, "call");
  };
}

/** The most channels of a batch normalisation; 0 without one. */
export function mostChannels(network: LayersModel): number {
  const channels = normLayers(network).map(({ weights }) => weights[0].shape[0] as number);
  return Math.max(0, ...channels);
}

function normLayers({ layers }: { readonly layers: readonly Layer[] }): Layer[] {
  return layers.flatMap((layer) => {
    if ("layers" in layer) return normLayers(layer as unknown as LayersModel);
    return layer.getClassName() === "BatchNormalization" ? [layer] : [];
  });
}
