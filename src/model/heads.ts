import { type SymbolicTensor, tfjs } from "../tensors/tf.ts";
import { dense, hiddenLayers } from "./hidden_layers.ts";
import { connect } from "./layers/connect.ts";
import type { BuildContext } from "./build_context.ts";

/**
 * The full features in a few numbers, for the heads behind it: dense, batch norm, ReLU; or, where
 * hidden layers are asked for, those and a last layer that is only linear.
 */
export function compression(features: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const { layers } = tfjs();
  const { compressed: units = 16, compression } = context.options;
  const seed = context.seedOf(100);
  if (compression !== undefined) {
    const hidden = { ...compression, part: "compression", firstSeed: 101, norm: true };
    const x = hiddenLayers(features, hidden, context);
    return dense(x, { name: "compression_dense", units, seed });
  }
  const x = dense(features, { name: "compression_dense", units, seed });
  const normed = connect(layers.batchNormalization({ name: "compression_norm", momentum: 0.9 }), x);
  return connect(layers.reLU({ name: "compression_relu" }), normed);
}

/** The last layers of a head: a logit of each class, or the steps between ordered grades. */
export function answers(
  x: SymbolicTensor,
  { name, seed }: { readonly name: string; readonly seed: number },
  { options: { classes, ordinal = false }, own }: BuildContext,
): SymbolicTensor {
  if (!ordinal) return dense(x, { name, units: classes.length, seed });
  const steps = dense(x, { name: `${name}_steps`, units: classes.length - 1, seed });
  return connect(new own.OrdinalLogits({ name }), steps);
}

/** Head A, on the full features: linear, unless hidden layers are asked for. */
export function classicalHeadA(features: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const { headA = {} } = context.options;
  const hidden = { ...headA, part: "classical_a", firstSeed: 201, norm: true };
  const x = hiddenLayers(features, hidden, context);
  return answers(x, { name: "classical_a", seed: context.seedOf(200) }, context);
}

/** Head B, on the compressed features: one hidden layer, unless others are asked for. */
export function classicalHeadB(compressed: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const { layers } = tfjs();
  const { options: { headB }, seedOf } = context;
  const last = { name: "classical_b", seed: seedOf(310) };
  if (headB !== undefined) {
    const hidden = { ...headB, part: "classical_b", firstSeed: 320, norm: true };
    return answers(hiddenLayers(compressed, hidden, context), last, context);
  }
  const hidden = dense(compressed, { name: "classical_b_dense", units: 32, seed: seedOf(300) });
  return answers(connect(layers.reLU({ name: "classical_b_relu" }), hidden), last, context);
}
