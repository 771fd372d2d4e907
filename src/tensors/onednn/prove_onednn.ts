import type { Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import { SeededRandom } from "../../_internal/seeded_random.ts";
import type { Tf } from "../tf.ts";
import { installNativeKernels } from "./install_native_kernels.ts";
import type { NativeSession } from "./native_session.ts";

/** Largest difference from wasm, relative to the largest number of a result. */
const TOLERANCE = 1e-5;

type Shape4D = [number, number, number, number];

interface Case {
  readonly image: Shape4D;
  readonly filter: Shape4D;
  readonly strides: number;
  readonly pad: "same" | "valid";
}

/** Few channels as a first layer has, full registers, odd numbers of everything. */
const CASES: readonly Case[] = [
  { image: [2, 9, 8, 3], filter: [3, 3, 3, 16], strides: 1, pad: "same" },
  { image: [2, 8, 8, 16], filter: [3, 3, 16, 32], strides: 2, pad: "same" },
  { image: [1, 7, 9, 5], filter: [2, 3, 5, 7], strides: 1, pad: "valid" },
];

/**
 * Computes small convolutions, their gradients and matrix products with oneDNN and with the kernels
 * that are registered, and says where they differ, or undefined.
 */
export function proveOnednn(tf: Tf, session: NativeSession): string | undefined {
  const before = session.fallbacks.splice(0);
  const wanted = compute(tf);
  const remove = installNativeKernels(tf, session);
  let found: Float32Array[];
  try {
    found = compute(tf);
  } catch (error) {
    return `a proof threw: ${error instanceof Error ? error.message : error}`;
  } finally {
    remove();
    session.primitives.clear();
  }
  const [left] = session.fallbacks.splice(0, Infinity, ...before);
  if (left !== undefined) return `${left.kernel} of the proof was not computed: ${left.reason}`;
  const wrong = found.findIndex((values, i) => !(difference(values, wanted[i]) <= TOLERANCE));
  if (wrong < 0) return undefined;
  const much = difference(found[wrong], wanted[wrong]).toExponential(1);
  return `result ${wrong} of the proof differs from that of wasm by ${much} of its largest ` +
    `number; ${TOLERANCE} is allowed`;
}

function compute(tf: Tf): Float32Array[] {
  const results = tf.tidy(
    () => [...CASES.flatMap((test) => convolutions(tf, test)), ...products(tf)],
  );
  return results.map((result) => {
    const values = Float32Array.from(result.dataSync());
    result.dispose();
    return values;
  });
}

/** A fused convolution, and a plain one with both gradients. */
function convolutions(tf: Tf, { image, filter, strides, pad }: Case): Tensor[] {
  const x: Tensor4D = normal(tf, image), w: Tensor4D = normal(tf, filter);
  const bias = normal(tf, [filter[3]]);
  const fused = tf.fused.conv2d({ x, filter: w, strides, pad, bias, activation: "relu" });
  const y = tf.conv2d(x, w, strides, pad);
  const direction = normal(tf, y.shape);
  const gradients = tf.grads((a: Tensor, b: Tensor) =>
    tf.mul(tf.conv2d(a as Tensor4D, b as Tensor4D, strides, pad), direction).sum()
  )([x, w]);
  return [fused, y, ...gradients];
}

function products(tf: Tf): Tensor[] {
  const a: Tensor2D = normal(tf, [33, 40]), b: Tensor2D = normal(tf, [40, 35]);
  return [
    tf.matMul(a, b),
    tf.matMul(tf.transpose(a), tf.transpose(b), true, true),
    tf.fused.matMul({ a, b, bias: normal(tf, [35]), activation: "relu" }),
  ];
}

function normal<T extends Tensor>(tf: Tf, shape: readonly number[]): T {
  const random = new SeededRandom(shape.join());
  const length = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(Float32Array.from({ length }, () => random.normal()), [...shape]) as T;
}

/** Not a number if one of them is none. */
function difference(found: Float32Array, wanted: Float32Array): number {
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(found[i] - value)), 0) / largest;
}
