import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { putBack } from "./put_back.ts";

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
      const { begin, end, strides } = tf.slice_util.sliceInfo(
        ...[x.shape, a.begin, a.end, a.strides] as const,
        ...[a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask] as const,
      );
      const taken = begin.map((first, axis) =>
        Math.max(0, Math.ceil((end[axis] - first) / strides[axis]))
      );
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
