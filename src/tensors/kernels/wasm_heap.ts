import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs";

/** The parts of TensorFlow.js's wasm backend that kernels need. */
export interface WasmBackend {
  /** The Emscripten module; `HEAPU8` is a view of its memory, another one after each growth. */
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    readonly asm: { readonly memory: WebAssembly.Memory; malloc(bytes: number): number };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  makeOutput(shape: number[], dtype: TensorInfo["dtype"]): TensorInfo;
  getMemoryOffset(dataId: TensorInfo["dataId"]): number;
  incRef(dataId: TensorInfo["dataId"]): void;
  disposeData(dataId: TensorInfo["dataId"]): boolean;
}

/** A kernel as it is registered for the wasm backend. */
export type WasmKernel = KernelConfig;

/**
 * Where the numbers of a tensor begin in the memory of the wasm backend.
 *
 * @throws {Error} when it has been disposed
 */
export function address(backend: WasmBackend, { dataId, shape }: TensorInfo): number {
  try {
    return backend.getMemoryOffset(dataId);
  } catch (cause) {
    throw new Error(
      `tensors: a tensor of shape [${shape.join(", ")}] was disposed before an operation that ` +
        `reads it. Dispose it afterwards, or leave that to tf.tidy()`,
      { cause },
    );
  }
}

/** A zero-filled output on the wasm heap. */
export function zeroOutput(
  backend: WasmBackend,
  shape: readonly number[],
  dtype: TensorInfo["dtype"] = "float32",
): TensorInfo {
  const info = backend.makeOutput([...shape], dtype);
  const bytes = shape.reduce((a, b) => a * b, 1) * (dtype === "bool" ? 1 : 4);
  const start = address(backend, info);
  backend.wasm.HEAPU8.fill(0, start, start + bytes);
  return info;
}
