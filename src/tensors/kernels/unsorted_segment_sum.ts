import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import { type WasmBackend, type WasmKernel, zeroOutput } from "./wasm_heap.ts";

/**
 * `UnsortedSegmentSum`, the gradient of `tf.gather`, which the wasm backend lacks: row `r` of `x`
 * is added to row `segmentIds[r]` of the output. Rows with an id outside the output are dropped.
 */
export function unsortedSegmentSum(): WasmKernel {
  const kernelFunc = (({ inputs, backend, attrs }) => {
    const { x, segmentIds } = inputs as unknown as { x: TensorInfo; segmentIds: TensorInfo };
    const { numSegments } = attrs as unknown as { numSegments: number };
    const heap = backend as unknown as WasmBackend;
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const sums = zeroOutput(heap, [numSegments, ...rowShape], x.dtype);
    const row = rowShape.reduce((a, b) => a * b, 1);
    const values = heap.typedArrayFromHeap(x);
    const ids = heap.typedArrayFromHeap(segmentIds);
    const out = heap.typedArrayFromHeap(sums);
    for (let r = 0; r < ids.length; r++) {
      if (ids[r] < 0 || ids[r] >= numSegments) continue;
      const from = r * row, to = ids[r] * row;
      for (let i = 0; i < row; i++) out[to + i] += values[from + i];
    }
    return sums;
  }) as KernelFunc;
  return { kernelName: "UnsortedSegmentSum", backendName: "wasm", kernelFunc };
}
