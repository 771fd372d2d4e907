import type { WasmBackend } from "./wasm_heap.ts";

/** The memory of a 32 bit WebAssembly module ends here, and can be used up to one page before. */
export const LIMIT = 2 ** 32;
const USABLE = LIMIT - 2 ** 16;

/**
 * How the allocator of the module (Emscripten's emmalloc) keeps its regions: each begins with its
 * size and ends with its size, whose lowest bit says that it is free. Between two that were claimed
 * at different times a few bytes may be left out; beyond the last nothing was ever written.
 */
const WORD = 4, FREE = 1, MOST_LEFT_OUT = 16;
/** What a region needs besides the memory it hands out, and what comes along when it is new. */
const FRAME = 2 * WORD, NEW = 128;

/**
 * Whether the heap has room for `bytes` and for `spare` besides. `anchor` is an allocation at the
 * bottom of the heap; all regions above it are visited.
 *
 * The allocator itself cannot be asked: a request beyond 4 GiB wraps around, "succeeds", and
 * leaves its own lists broken.
 */
export function hasRoom(
  { wasm }: WasmBackend,
  { anchor, bytes, spare }: {
    readonly anchor: number;
    readonly bytes: number;
    readonly spare: number;
  },
): boolean {
  const { HEAPU8 } = wasm;
  if (HEAPU8.length + bytes + spare + 2 * NEW < USABLE) return true;
  const { free, unclaimed } = freeRooms(new DataView(HEAPU8.buffer), anchor - WORD);
  const needed = Math.ceil(bytes / FRAME) * FRAME + FRAME;
  const fitting = free.filter((room) => room >= needed);
  if (fitting.length === 0) return needed + spare + 2 * NEW <= unclaimed;
  if (spare + NEW <= unclaimed) return true;
  // The smallest one that fits is taken; what is left of it, or another, is spare.
  const chosen = Math.min(...fitting);
  return chosen - needed >= spare || free.some((room) => room >= spare && room !== chosen) ||
    fitting.filter((room) => room === chosen && room >= spare).length > 1;
}

/** The sizes of the free regions, and what can still be claimed after the last one. */
function freeRooms(
  memory: DataView,
  first: number,
): { readonly free: number[]; readonly unclaimed: number } {
  const free: number[] = [];
  let region = first, leftOut = 0;
  while (region + leftOut + WORD <= memory.byteLength && leftOut < MOST_LEFT_OUT) {
    const size = memory.getUint32(region + leftOut, true);
    if (size === 0) {
      leftOut += WORD;
      continue;
    }
    region += leftOut + size;
    leftOut = 0;
    if (memory.getUint32(region - WORD, true) & FREE) free.push(size);
  }
  return { free, unclaimed: USABLE - region };
}
