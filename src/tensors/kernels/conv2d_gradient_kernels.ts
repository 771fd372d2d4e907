import type { KernelFunc, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import {
  type ConvInfo,
  convolutionFilterGradient,
  convolutionInputGradient,
} from "./convolution_gradients.ts";
import type { WasmKernel } from "./wasm_heap.ts";
import type { Shape4D, WindowAttrs } from "./window_attrs.ts";

/** `Conv2DBackpropFilter`, which the wasm backend lacks. */
export function conv2dFilterGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
    const { filterShape } = attrs as unknown as { filterShape: Shape4D };
    const conv = convInfo(tf, { input: x.shape, filter: filterShape, attrs });
    return convolutionFilterGradient(tf, { x, dy, conv });
  }) as KernelFunc;
  return { kernelName: "Conv2DBackpropFilter", backendName: "wasm", kernelFunc };
}

/**
 * `Conv2DBackpropInput`, also what `tf.conv2dTranspose` runs. The wasm backend brings a plain loop
 * of its own, which is several times slower.
 */
export function conv2dInputGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: Tensor4D; filter: Tensor4D };
    const { inputShape } = attrs as unknown as { inputShape: Shape4D };
    const conv = convInfo(tf, { input: inputShape, filter: filter.shape, attrs });
    return convolutionInputGradient(tf, { dy, filter, conv });
  }) as KernelFunc;
  return { kernelName: "Conv2DBackpropInput", backendName: "wasm", kernelFunc };
}

function convInfo(
  tf: Tf,
  { input, filter, attrs }: {
    readonly input: Shape4D;
    readonly filter: Shape4D;
    readonly attrs: unknown;
  },
): ConvInfo {
  const { strides, pad, dimRoundingMode } = attrs as WindowAttrs;
  return tf.backend_util.computeConv2DInfo(input, filter, strides, 1, pad, dimRoundingMode);
}
