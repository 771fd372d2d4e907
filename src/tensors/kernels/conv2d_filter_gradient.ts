import type { KernelFunc, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { convolvePadded } from "./convolve_padded.ts";
import type { WasmKernel } from "./wasm_heap.ts";
import type { Shape4D, WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  readonly filterShape: Shape4D;
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
    const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as Attrs;
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
