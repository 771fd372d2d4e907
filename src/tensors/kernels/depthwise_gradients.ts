import type { KernelFunc, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { type WasmBackend, type WasmKernel, zeroOutput } from "./wasm_heap.ts";
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
    const images = heap.typedArrayFromHeap(x);
    const dOut = heap.typedArrayFromHeap(dy);
    // Summed in double precision: a filter tap collects the whole batch.
    const sums = new Float64Array(gradient.shape.reduce((a, b) => a * b, 1));
    const { inChannels } = conv;
    const many = conv.outChannels / inChannels;
    eachTap(conv, (input, tap, output) => {
      for (let m = 0; m < many; m++) {
        for (let c = 0, o = m; c < inChannels; c++, o += many) {
          sums[tap + o] += images[input + c] * dOut[output + o];
        }
      }
    });
    heap.typedArrayFromHeap(gradient).set(sums);
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
    const weights = heap.typedArrayFromHeap(filter);
    const dOut = heap.typedArrayFromHeap(dy);
    const dIn = heap.typedArrayFromHeap(gradient);
    const { inChannels } = conv;
    const many = conv.outChannels / inChannels;
    eachTap(conv, (input, tap, output) => {
      for (let m = 0; m < many; m++) {
        for (let c = 0, o = m; c < inChannels; c++, o += many) {
          dIn[input + c] += weights[tap + o] * dOut[output + o];
        }
      }
    });
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

/**
 * Visits every pair of an output pixel and a filter tap that meets the image, with the offsets of
 * channel 0 in the input, the filter and the output.
 */
function eachTap(
  conv: ConvInfo,
  visit: (input: number, tap: number, output: number) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = conv;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let k = 0; k < conv.filterHeight; k++) {
        const h = i * conv.strideHeight + k * conv.dilationHeight - conv.padInfo.top;
        if (h < 0 || h >= inHeight) continue;
        for (let j = 0; j < outWidth; j++) {
          const output = ((n * outHeight + i) * outWidth + j) * outChannels;
          for (let l = 0; l < conv.filterWidth; l++) {
            const w = j * conv.strideWidth + l * conv.dilationWidth - conv.padInfo.left;
            if (w < 0 || w >= inWidth) continue;
            const input = ((n * inHeight + h) * inWidth + w) * inChannels;
            visit(input, (k * conv.filterWidth + l) * outChannels, output);
          }
        }
      }
    }
  }
}
