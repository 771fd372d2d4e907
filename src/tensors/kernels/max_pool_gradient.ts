import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { type HeapView, type WasmBackend, type WasmKernel, zeroOutput } from "./wasm_heap.ts";
import type { Shape4D, WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  readonly filterSize: [number, number] | number;
}

/** Window and image sizes, as TensorFlow.js computes them. */
type PoolInfo = ReturnType<Tf["backend_util"]["computePool2DInfo"]>;

/**
 * `MaxPoolGrad`: each output gradient goes to the first largest input of its window.
 *
 * Takes the place of the wasm backend's own kernel, which starts its search at the smallest
 * positive number and therefore sends the gradient of a window without a positive input to the
 * first element of the tensor.
 */
export function maxPoolGradient(tf: Tf): WasmKernel {
  const kernelFunc = (({ inputs, backend, attrs }) => {
    const { dy, input } = inputs as unknown as { dy: TensorInfo; input: TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attrs;
    const shape = input.shape as Shape4D;
    const pool = tf.backend_util.computePool2DInfo(
      shape,
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const heap = backend as unknown as WasmBackend;
    const dx = zeroOutput(heap, shape);
    routeToMaxima(pool, {
      x: heap.typedArrayFromHeap(input),
      dy: heap.typedArrayFromHeap(dy),
      dx: heap.typedArrayFromHeap(dx),
    });
    return dx;
  }) as KernelFunc;
  return { kernelName: "MaxPoolGrad", backendName: "wasm", kernelFunc };
}

function routeToMaxima(
  pool: PoolInfo,
  { x, dy, dx }: { readonly x: HeapView; readonly dy: HeapView; readonly dx: HeapView },
): void {
  const { inHeight, inWidth, inChannels: channels, outHeight, outWidth } = pool;
  const row = inWidth * channels;
  let out = 0;
  for (let n = 0; n < pool.batchSize; n++) {
    const image = n * inHeight * row;
    for (let i = 0; i < outHeight; i++) {
      const top = i * pool.strideHeight - pool.padInfo.top;
      const rowEnd = image + Math.min(inHeight, top + pool.effectiveFilterHeight) * row;
      const rowStart = image + Math.max(top, 0) * row;
      for (let j = 0; j < outWidth; j++) {
        const left = j * pool.strideWidth - pool.padInfo.left;
        const first = Math.max(left, 0) * channels;
        const end = Math.min(inWidth, left + pool.effectiveFilterWidth) * channels;
        for (let c = 0; c < channels; c++, out++) {
          let best = -Infinity, at = -1;
          for (let r = rowStart; r < rowEnd; r += row) {
            for (let k = r + first + c; k < r + end; k += channels) {
              if (x[k] > best) [best, at] = [x[k], k];
            }
          }
          if (at >= 0) dx[at] += dy[out];
        }
      }
    }
  }
}
