import type { KernelFunc, Tensor5D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { putBack } from "./put_back.ts";
import type { WasmKernel } from "./wasm_heap.ts";

type Shape5D = [number, number, number, number, number];

/**
 * `Conv3DBackpropInputV2` as a forward convolution of the output gradient, spread out by the
 * stride, with the filter turned around. Takes the place of the wasm backend's own kernel, which
 * gives wrong numbers.
 */
export function conv3dInputGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: Tensor5D; filter: Tensor5D };
    const { inputShape, strides, pad } = attrs as unknown as {
      readonly inputShape: Shape5D;
      readonly strides: number | [number, number, number];
      readonly pad: "same" | "valid";
    };
    const conv = tf.backend_util.computeConv3DInfo(inputShape, filter.shape, strides, 1, pad);
    const before = [conv.padInfo.front, conv.padInfo.top, conv.padInfo.left];
    const steps = [conv.strideDepth, conv.strideHeight, conv.strideWidth];
    return tf.tidy(() => {
      let spread: Tensor5D = dy;
      for (const i of [0, 1, 2]) {
        const reach = filter.shape[i] - 1;
        // A stride may leave out the end of the image, and its windows may end before it.
        const size = Math.max(inputShape[i + 1] + reach, (dy.shape[i + 1] - 1) * steps[i] + 1);
        const begin = reach - before[i];
        spread = putBack(tf, spread, { axis: i + 1, size, begin, stride: steps[i] }) as Tensor5D;
      }
      const turned = tf.transpose(tf.reverse(filter, [0, 1, 2]), [0, 1, 2, 4, 3]) as Tensor5D;
      return tf.conv3d(spread, turned, 1, "valid");
    });
  }) as KernelFunc;
  return { kernelName: "Conv3DBackpropInputV2", backendName: "wasm", kernelFunc };
}
