import type { WasmBackend } from "./wasm_heap.ts";

interface Block {
  readonly start: number;
  readonly bytes: number;
}

const blocks = new WeakMap<WasmBackend, Block>();

/** A line of the processor's cache. */
const LINE = 64;

/**
 * Room on the wasm heap for the intermediate results of one kernel, an address for each size in
 * bytes. It belongs to the caller until the next call, holds anything, and is kept and reused.
 *
 * @throws {Error} when the heap is full
 */
export function heapScratch(backend: WasmBackend, sizes: readonly number[]): number[] {
  const ends: number[] = [];
  let bytes = 0;
  for (const size of sizes) ends.push(bytes += Math.ceil(size / LINE) * LINE);
  let block = blocks.get(backend);
  if (block === undefined || block.bytes < bytes) {
    if (block !== undefined) backend.wasm._free(block.start);
    blocks.delete(backend);
    // Each power of two once, so that a few sizes of layers do not move it all the time.
    const room = 2 ** Math.ceil(Math.log2(bytes));
    block = { start: backend.wasm._malloc(room + LINE) >>> 0, bytes: room };
    blocks.set(backend, block);
  }
  const first = Math.ceil(block.start / LINE) * LINE;
  return sizes.map((_, i) => first + (i === 0 ? 0 : ends[i - 1]));
}
