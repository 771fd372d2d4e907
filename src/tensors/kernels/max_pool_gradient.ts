import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend, type WasmKernel, zeroOutput } from "./wasm_heap.ts";
import type { Shape4D, WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  readonly filterSize: [number, number] | number;
}

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
    if (arePairs(pool)) return pairsGradient(heap, { input, dy, pool });
    const dx = zeroOutput(heap, shape);
    const places = [input, dy, dx].map((tensor) => address(heap, tensor));
    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = pool;
    simdKernels(heap).maxPool(
      ...places,
      ...[batchSize, inHeight, inWidth, inChannels, outHeight, outWidth],
      ...[pool.effectiveFilterHeight, pool.effectiveFilterWidth],
      ...[pool.strideHeight, pool.strideWidth, pool.padInfo.top, pool.padInfo.left],
    );
    return dx;
  }) as KernelFunc;
  return { kernelName: "MaxPoolGrad", backendName: "wasm", kernelFunc };
}

type PoolInfo = ReturnType<Tf["backend_util"]["computePool2DInfo"]>;

/** Whether windows of 2x2 stand beside each other and cover the image, the usual case. */
function arePairs(pool: PoolInfo): boolean {
  const { effectiveFilterHeight, effectiveFilterWidth, strideHeight, strideWidth } = pool;
  const two = [effectiveFilterHeight, effectiveFilterWidth, strideHeight, strideWidth];
  return two.every((size) => size === 2) && pool.padInfo.top === 0 && pool.padInfo.left === 0 &&
    pool.inHeight === 2 * pool.outHeight && pool.inWidth === 2 * pool.outWidth &&
    pool.inChannels % 4 === 0;
}

function pairsGradient(
  heap: WasmBackend,
  { input, dy, pool }: {
    readonly input: TensorInfo;
    readonly dy: TensorInfo;
    readonly pool: PoolInfo;
  },
): TensorInfo {
  const dx = heap.makeOutput(input.shape, "float32");
  simdKernels(heap).maxPoolPairs(
    ...[input, dy, dx].map((tensor) => address(heap, tensor)),
    ...[pool.batchSize * pool.outHeight, pool.outWidth, pool.inChannels],
  );
  return dx;
}
