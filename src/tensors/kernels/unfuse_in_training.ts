import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

/** What `tf.fused.conv2d` and `tf.fused.depthwiseConv2d` take. */
type FusedConvolution = Parameters<Tf["fused"]["conv2d"]>[0];

/**
 * Lets layers run convolution, bias and activation as operations of their own where a gradient is
 * wanted. The gradient of the fused operation refuses dilations, forgets `dimRoundingMode`, always
 * computes the gradient of the image, also of a first layer that needs none, and keeps its output.
 */
export function unfuseInTraining(tf: Tf): void {
  const fused = tf.fused as Record<
    "conv2d" | "depthwiseConv2d",
    (convolution: FusedConvolution) => Tensor
  >;
  for (const name of ["conv2d", "depthwiseConv2d"] as const) {
    const brought = fused[name];
    fused[name] = (convolution) => {
      const { gradientDepth } = tf.engine().state;
      const { activation, bias } = convolution;
      const linear = (activation ?? "linear") === "linear";
      // With an activation, TensorFlow.js does the same itself.
      if (gradientDepth === 0 || !linear) return brought(convolution);
      const { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode } = convolution;
      const convolve = tf[name] as (...args: unknown[]) => Tensor4D;
      const y = convolve(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
      return bias === undefined || bias === null ? y : tf.add(y, bias);
    };
  }
}
