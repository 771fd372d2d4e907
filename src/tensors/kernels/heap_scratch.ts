import type { WasmBackend } from "./wasm_heap.ts";

interface Block {
  readonly start: number;
  readonly bytes: number;
}

const blocks = new WeakMap<WasmBackend, Map<string, Block>>();

/** A line of the processor's cache. */
const LINE = 64;

/**
 * Room on the wasm heap for the intermediate results of one kernel, an address for each size in
 * bytes. It belongs to `owner` until its next call, holds anything, and is kept and reused.
 *
 * @throws {Error} when the heap is full
 */
export function heapScratch(
  backend: WasmBackend,
  owner: string,
  sizes: readonly number[],
): number[] {
  const ends: number[] = [];
  let bytes = 0;
  for (const size of sizes) ends.push(bytes += Math.ceil(size / LINE) * LINE);
  let owned = blocks.get(backend);
  if (owned === undefined) blocks.set(backend, owned = new Map());
  let block = owned.get(owner);
  if (block === undefined || block.bytes < bytes) {
    if (block !== undefined) backend.wasm._free(block.start);
    owned.delete(owner);
    block = { start: backend.wasm._malloc(bytes + LINE) >>> 0, bytes };
    owned.set(owner, block);
  }
  const first = Math.ceil(block.start / LINE) * LINE;
  return sizes.map((_, i) => first + (i === 0 ? 0 : ends[i - 1]));
}
