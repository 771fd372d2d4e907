import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

interface Attrs {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/**
 * The gradient of `StridedSlice`, which TensorFlow.js does not have: along each axis dy is spread
 * out by the stride, and zeros are put where nothing was taken.
 */
export function stridedSliceGradient(tf: Tf): GradConfig {
  const gradFunc = (dy: Tensor, [x]: Tensor[], attrs: NamedAttrMap) => ({
    x: () => {
      const a = attrs as unknown as Attrs;
      const { begin, strides, finalShapeSparse } = tf.slice_util.sliceInfo(
        ...[x.shape, a.begin, a.end, a.strides] as const,
        ...[a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask] as const,
      );
      const taken = x.shape.map((_, axis) => finalShapeSparse[axis]);
      if (taken.includes(0)) return tf.zerosLike(x);
      let gradient = tf.reshape(dy, taken);
      x.shape.forEach((size, axis) => {
        gradient = putBack(tf, gradient, { axis, size, begin: begin[axis], stride: strides[axis] });
      });
      return gradient;
    },
  });
  return {
    kernelName: "StridedSlice",
    inputsToSave: ["x"],
    gradFunc: gradFunc as GradConfig["gradFunc"],
  };
}

function putBack(
  tf: Tf,
  taken: Tensor,
  { axis, size, begin, stride }: {
    readonly axis: number;
    readonly size: number;
    readonly begin: number;
    readonly stride: number;
  },
): Tensor {
  const count = taken.shape[axis];
  const step = Math.abs(stride);
  const outer = taken.shape.slice(0, axis), inner = taken.shape.slice(axis + 1);
  const block = inner.reduce((a, b) => a * b, 1);
  const rows = outer.reduce((a, b) => a * b, 1);
  const forward = stride < 0 ? tf.reverse(taken, axis) : taken;
  const first = stride < 0 ? begin + (count - 1) * stride : begin;
  const cells = tf.pad(tf.reshape(forward, [rows * count, block]), [[0, 0], [
    0,
    (step - 1) * block,
  ]]);
  // Without the zeros that follow the last one taken, which may not fit.
  const length = (count - 1) * step + 1;
  const line = tf.slice(tf.reshape(cells, [rows, count * step * block]), [0, 0], [
    rows,
    length * block,
  ]);
  const whole = tf.pad(line, [[0, 0], [first * block, (size - first - length) * block]]);
  return tf.reshape(whole, [...outer, size, ...inner]);
}
