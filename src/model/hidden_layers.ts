import { type SymbolicTensor, tfjs } from "../tensors/tf.ts";
import type { HiddenOptions } from "./head_options.ts";
import type { BuildContext } from "./build_context.ts";
import { connect } from "./layers/connect.ts";

/** A dense layer with Glorot weights of a fixed seed. */
export function dense(
  x: SymbolicTensor,
  { name, units, seed }: { name: string; units: number; seed: number },
): SymbolicTensor {
  const { layers, initializers } = tfjs();
  const kernelInitializer = initializers.glorotUniform({ seed });
  return connect(layers.dense({ name, units, kernelInitializer }), x);
}

/** What {@linkcode hiddenLayers} builds. */
export interface HiddenLayers extends HiddenOptions {
  /** Before the names of the layers. */
  readonly part: string;
  /** Number of the first seed. */
  readonly firstSeed: number;
  /** Whether batch norm follows each dense layer. */
  readonly norm: boolean;
}

/** Dense, batch norm, ReLU and dropout for each width: `part_dense1`, `part_norm1`, … */
export function hiddenLayers(
  x: SymbolicTensor,
  { part, hidden = [], dropout = 0, firstSeed, norm }: HiddenLayers,
  { own, seedOf }: BuildContext,
): SymbolicTensor {
  const { layers } = tfjs();
  hidden.forEach((units, i) => {
    const name = (kind: string) => `${part}_${kind}${i + 1}`;
    x = dense(x, { name: name("dense"), units, seed: seedOf(firstSeed + i) });
    if (norm) x = connect(layers.batchNormalization({ name: name("norm"), momentum: 0.9 }), x);
    x = connect(layers.reLU({ name: name("relu") }), x);
    const rate = typeof dropout === "number" ? dropout : dropout[i];
    if (rate > 0) x = connect(new own.SeededDropout({ name: name("dropout"), rate }), x);
  });
  return x;
}
