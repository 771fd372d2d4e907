import type { DataType, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { WasmBackend } from "./wasm_heap.ts";

/** The memory of a 32 bit WebAssembly module ends here. */
const LIMIT = 2 ** 32;
/** From this size of the heap on, so much is left free for what kernels need while they work. */
const NEARLY_FULL = LIMIT - 2 ** 28;
const SPARE = 2 ** 26;

type Move = (
  dataId: TensorInfo["dataId"],
  values: unknown,
  shape: number[],
  dtype: DataType,
  refCount: number,
) => void;

const guarded = new WeakSet<WasmBackend>();

/**
 * Makes running out of the wasm heap an error for every operation. TensorFlow.js takes the 0 that
 * a failed allocation returns for an address and writes the tensor over the module's own data.
 *
 * All tensors come through `move`, and all memory through `_malloc`.
 */
export function guardWasmHeap(tf: Tf, backend: WasmBackend): void {
  if (guarded.has(backend)) return;
  guarded.add(backend);
  const { wasm } = backend;
  const allocate = wasm._malloc;
  let wanted: string | undefined;

  wasm._malloc = (bytes) => {
    // A larger number would lose its upper bits on the way into the module.
    const found = bytes < LIMIT ? allocate(bytes) : 0;
    if (found !== 0 && (wasm.HEAPU8.length < NEARLY_FULL || hasSpare())) return found;
    if (found !== 0) wasm._free(found);
    throw new Error(fullMessage(tf, { wanted, bytes }));
  };
  const hasSpare = () => {
    const spare = allocate(SPARE);
    if (spare !== 0) wasm._free(spare);
    return spare !== 0;
  };

  const movable = backend as WasmBackend & { move: Move };
  const move = movable.move;
  movable.move = (dataId, values, shape, dtype, refCount) => {
    wanted = `a ${dtype} tensor of shape [${shape.join(", ")}]`;
    try {
      move.call(backend, dataId, values, shape, dtype, refCount);
    } finally {
      wanted = undefined;
    }
  };
}

function fullMessage(
  tf: Tf,
  { wanted = "an operation", bytes }: { readonly wanted?: string; readonly bytes: number },
): string {
  const { numBytes, numTensors } = tf.memory();
  return `tensors: the wasm memory is full: no room for ${wanted} (${mebibytes(bytes)}), ` +
    `${mebibytes(numBytes)} in ${numTensors} tensors are in use and the limit is ` +
    `${mebibytes(LIMIT)}. Use smaller batches or images, dispose tensors that are no longer ` +
    `needed (tf.tidy), or open another backend`;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
