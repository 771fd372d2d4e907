import type { KernelFunc, NamedAttrMap, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { convolvePadded } from "./convolve_padded.ts";
import type { WasmKernel } from "./wasm_heap.ts";

/** Attributes that TensorFlow.js gives with the kernel. */
interface Attrs {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly filterShape: [number, number, number, number];
}

/**
 * `Conv2DBackpropFilter`, which the wasm backend lacks, as a forward convolution: the images play
 * the channels, the output gradient the filter, and the forward stride becomes the dilation.
 *
 * dW[k, l, c, o] = Σ over n, i, j of x[n, i·s + k − p, j·s + l − p, c] · dy[n, i, j, o]
 */
export function conv2dFilterGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
    const { strides, pad, dimRoundingMode, filterShape } = attrs as NamedAttrMap & Attrs;
    const conv = tf.backend_util.computeConv2DInfo(
      x.shape,
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    return tf.tidy(() => {
      const images = tf.transpose(x, [3, 1, 2, 0]);
      const filter = tf.transpose(dy, [1, 2, 0, 3]);
      const gradient = convolvePadded(tf, images, {
        filter,
        dilations: [conv.strideHeight, conv.strideWidth],
        start: [conv.padInfo.top, conv.padInfo.left],
        size: [conv.filterHeight, conv.filterWidth],
      });
      return tf.transpose(gradient, [1, 2, 0, 3]);
    });
  }) as KernelFunc;
  return { kernelName: "Conv2DBackpropFilter", backendName: "wasm", kernelFunc };
}
