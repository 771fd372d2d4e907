import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend, type WasmKernel, zeroOutput } from "./wasm_heap.ts";

/**
 * `UnsortedSegmentSum`, the gradient of `tf.gather`, which the wasm backend lacks: row `r` of `x`
 * is added to row `segmentIds[r]` of the output. Rows with an id outside the output are dropped.
 */
export function unsortedSegmentSum(): WasmKernel {
  const kernelFunc = (({ inputs, backend, attrs }) => {
    const { x, segmentIds } = inputs as unknown as { x: TensorInfo; segmentIds: TensorInfo };
    const { numSegments } = attrs as unknown as { numSegments: number };
    if (x.dtype !== "float32" && x.dtype !== "int32") {
      throw new TypeError(
        `unsortedSegmentSum: x must be float32 or int32, found ${x.dtype}. Cast it first`,
      );
    }
    const heap = backend as unknown as WasmBackend;
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const sums = zeroOutput(heap, [numSegments, ...rowShape], x.dtype);
    const size = (sizes: number[]) => sizes.reduce((a, b) => a * b, 1);
    simdKernels(heap).segmentSum(
      ...[x, segmentIds, sums].map((tensor) => address(heap, tensor)),
      ...[size(segmentIds.shape), size(rowShape), numSegments, x.dtype === "int32" ? 1 : 0],
    );
    return sums;
  }) as KernelFunc;
  return { kernelName: "UnsortedSegmentSum", backendName: "wasm", kernelFunc };
}
