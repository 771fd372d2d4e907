import type { DataType, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { hasRoom, LIMIT } from "./heap_room.ts";
import type { WasmBackend } from "./wasm_heap.ts";

/** So much is left free for what kernels need while they work, which nobody can watch. */
const SPARE = 2 ** 26;

/** Bytes of the block at the bottom of the heap from which its regions are visited. */
const ANCHOR = 16;

type Move = (
  dataId: TensorInfo["dataId"],
  values: unknown,
  shape: number[],
  dtype: DataType,
  refCount: number,
) => void;

const guarded = new WeakSet<WasmBackend>();

/**
 * Makes running out of the wasm heap an error for every operation. TensorFlow.js takes whatever an
 * allocation returns for an address, also when it failed, and writes over the module's own data.
 *
 * All tensors come through `move`, and all their memory through `_malloc`.
 */
export function guardWasmHeap(tf: Tf, backend: WasmBackend): void {
  if (guarded.has(backend)) return;
  guarded.add(backend);
  const { wasm } = backend;
  // Not `wasm._malloc`, which on its first call puts itself back in its place.
  const allocate = wasm.asm.malloc;
  const anchor = allocate(ANCHOR) >>> 0;
  let wanted: string | undefined;

  wasm._malloc = (bytes) => {
    const found = bytes < LIMIT && hasRoom(backend, { anchor, bytes, spare: SPARE })
      ? allocate(bytes)
      : 0;
    if (found === 0) throw new Error(fullMessage(tf, { wanted, bytes }));
    return found;
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
