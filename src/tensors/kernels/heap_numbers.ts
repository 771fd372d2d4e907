import type { Tensor, Tf } from "../tf.ts";
import type { WasmBackend } from "./wasm_heap.ts";

/** Floats at an address; the view is good until the heap grows. */
export function heapFloats(backend: WasmBackend, start: number, count: number): Float32Array {
  return new Float32Array(backend.wasm.HEAPU8.buffer, start, count);
}

/** Doubles at an address, a multiple of eight; the view is good until the heap grows. */
export function heapDoubles(backend: WasmBackend, start: number, count: number): Float64Array {
  return new Float64Array(backend.wasm.HEAPU8.buffer, start, count);
}

/** A tensor for a kernel to fill, with anything in it. */
export function emptyTensor(
  tf: Tf,
  shape: readonly number[],
  dtype: "float32" | "int32" | "bool" = "float32",
): Tensor {
  const backend = tf.backend() as unknown as WasmBackend;
  return tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], dtype));
}
