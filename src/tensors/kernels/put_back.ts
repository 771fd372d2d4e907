import type { Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

/** Where the slices of an axis came from. */
export interface Taken {
  readonly axis: number;
  /** How many slices there were. */
  readonly size: number;
  /** Which of them is the first slice here. */
  readonly begin: number;
  /** From one to the next; negative counts down. */
  readonly stride: number;
}

/** Puts slices back where a strided slice took them from, with zeros in between. */
export function putBack(tf: Tf, taken: Tensor, { axis, size, begin, stride }: Taken): Tensor {
  const count = taken.shape[axis];
  const step = Math.abs(stride);
  const outer = taken.shape.slice(0, axis), inner = taken.shape.slice(axis + 1);
  const product = (sizes: number[]) => sizes.reduce((a, b) => a * b, 1);
  const rows = product(outer), block = product(inner);
  const forward = stride < 0 ? tf.reverse(taken, axis) : taken;
  const first = stride < 0 ? begin + (count - 1) * stride : begin;
  const cells = tf.pad(
    tf.reshape(forward, [rows * count, block]),
    [[0, 0], [0, (step - 1) * block]],
  );
  // Without the zeros that follow the last slice, which may not fit.
  const length = (count - 1) * step + 1;
  const lines = tf.reshape(cells, [rows, count * step * block]);
  const line = tf.slice(lines, [0, 0], [rows, length * block]);
  const whole = tf.pad(line, [[0, 0], [first * block, (size - first - length) * block]]);
  return tf.reshape(whole, [...outer, size, ...inner]);
}
