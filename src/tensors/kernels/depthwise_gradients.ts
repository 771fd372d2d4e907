import type { KernelFunc, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend, type WasmKernel, zeroOutput } from "./wasm_heap.ts";
import type { Shape4D, WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  readonly dilations: [number, number] | number;
}

type ConvInfo = ReturnType<Tf["backend_util"]["computeConv2DInfo"]>;

/**
 * `DepthwiseConv2dNativeBackpropFilter`, which the wasm backend lacks.
 *
 * dW[k, l, c, m] = Σ over n, i, j of x[n, i·s + k·d − p, j·s + l·d − p, c] · dy[n, i, j, c·M + m]
 */
export function depthwiseFilterGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, backend, attrs }) => {
    const { x, dy } = inputs as unknown as { x: TensorInfo; dy: TensorInfo };
    const { filterShape } = attrs as unknown as { filterShape: Shape4D };
    const conv = convInfo(tf, { input: x.shape, filter: filterShape, attrs });
    const heap = backend as unknown as WasmBackend;
    const gradient = zeroOutput(heap, filterShape);
    // Doubles: a filter tap collects the whole batch.
    const sums = zeroOutput(heap, [2, ...filterShape]);
    const places = [x, dy, gradient, sums].map((tensor) => address(heap, tensor));
    simdKernels(heap).depthwiseFilter(...places, ...geometry(conv));
    heap.disposeData(sums.dataId);
    return gradient;
  }) as KernelFunc;
  const kernelName = "DepthwiseConv2dNativeBackpropFilter";
  return { kernelName, backendName: "wasm", kernelFunc };
}

/**
 * `DepthwiseConv2dNativeBackpropInput`, which the wasm backend lacks: the same sum, scattered to
 * the input.
 */
export function depthwiseInputGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, backend, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: TensorInfo; filter: TensorInfo };
    const { inputShape } = attrs as unknown as { inputShape: Shape4D };
    const conv = convInfo(tf, { input: inputShape, filter: filter.shape, attrs });
    const heap = backend as unknown as WasmBackend;
    const gradient = zeroOutput(heap, inputShape);
    const places = [dy, filter, gradient].map((tensor) => address(heap, tensor));
    simdKernels(heap).depthwiseInput(...places, ...geometry(conv));
    return gradient;
  }) as KernelFunc;
  const kernelName = "DepthwiseConv2dNativeBackpropInput";
  return { kernelName, backendName: "wasm", kernelFunc };
}

function convInfo(
  tf: Tf,
  { input, filter, attrs }: {
    readonly input: number[];
    readonly filter: number[];
    readonly attrs: NamedAttrMap | undefined;
  },
): ConvInfo {
  const { strides, dilations, pad, dimRoundingMode } = attrs as unknown as Attrs;
  return tf.backend_util.computeConv2DInfo(
    input as Shape4D,
    filter as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
}

/** The numbers that both functions of the module end with. */
function geometry(conv: ConvInfo): number[] {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = conv;
  return [
    ...[batchSize, inHeight, inWidth, inChannels, outChannels / inChannels, outHeight, outWidth],
    ...[conv.filterHeight, conv.filterWidth, conv.strideHeight, conv.strideWidth],
    ...[conv.dilationHeight, conv.dilationWidth, conv.padInfo.top, conv.padInfo.left],
  ];
}
