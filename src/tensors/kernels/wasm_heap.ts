import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs";

/** A live view of a tensor's numbers; detached when the heap grows. */
export type HeapView = Float32Array | Int32Array | Uint8Array;

/** The parts of TensorFlow.js's wasm backend that kernels need. */
export interface WasmBackend {
  makeOutput(shape: number[], dtype: TensorInfo["dtype"]): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): HeapView;
  getMemoryOffset(dataId: TensorInfo["dataId"]): number;
}

/** A kernel as it is registered for the wasm backend. */
export type WasmKernel = KernelConfig;

/**
 * A zero-filled output on the wasm heap. Views of the heap are taken after this: it may grow, and
 * then older views are detached.
 *
 * @throws {Error} when the heap (4 GB at most) is full, which TensorFlow.js itself does not notice
 */
export function zeroOutput(
  backend: WasmBackend,
  shape: readonly number[],
  dtype: TensorInfo["dtype"] = "float32",
): TensorInfo {
  const info = backend.makeOutput([...shape], dtype);
  if (backend.getMemoryOffset(info.dataId) === 0) {
    throw new Error(
      `tensors: the wasm memory is full, no room for [${shape.join(", ")}]. ` +
        `Use a smaller batch, or dispose tensors that are no longer needed`,
    );
  }
  backend.typedArrayFromHeap(info).fill(0);
  return info;
}
