import { heapScratch } from "./heap_scratch.ts";
import { simdKernels } from "./simd_kernels.ts";
import type { SlidingWindow } from "./sliding_window.ts";
import type { WasmBackend } from "./wasm_heap.ts";
import type { Unit, UnitPlan } from "./window_units.ts";

/** Bytes of a float; numbers of a tile of 4x4; channels that are computed together. */
const FLOAT = 4, NUMBERS = 16, EIGHT = 8;

/** Tiles that are computed together, and bytes after a plane, as in `assembly/winograd.as`. */
const TILES = 12, GAP = 64;

/** Results of an image below which changing the base of the filter takes longer than it saves. */
const FEWEST_PIXELS = 64;

/** Filters, in times out, above which reading the changed ones takes longer. */
const MOST_FILTERS = 2 ** 16;

/**
 * Whether Winograd's way is the faster: a 3x3 filter, results next to each other in whole tiles of
 * 2x2, channels in whole eights. Not a question of the batch, so that an image has the same result
 * in each. A number that is not finite reaches all results of its tile, and not only those that see
 * it.
 */
export function fitsWinograd(window: SlidingWindow, channels: number): boolean {
  const { image: [, , depth], step, taps, tapStep, size: [rows, columns] } = window;
  const dense = [...step, ...tapStep].every((found) => found === 1) &&
    taps.every((found) => found === 3);
  const whole = rows % 2 === 0 && columns % 2 === 0 && depth % EIGHT === 0 &&
    channels % EIGHT === 0;
  return dense && whole && rows * columns >= FEWEST_PIXELS && depth * channels <= MOST_FILTERS;
}

/** The same window in tiles: 4x4 inputs are seen for 2x2 results. */
export function tileWindow(window: SlidingWindow): SlidingWindow {
  const { size: [rows, columns], results } = window;
  return {
    ...window,
    step: [2, 2],
    taps: [4, 4],
    size: [rows / 2, columns / 2],
    results: { ...results, row: 2 * results.row, column: 2 * results.column },
  };
}

/** Prepares a filter, as `packFilter` leaves it, and returns what computes a unit of tiles. */
export function winogradUnits(
  backend: WasmBackend,
  plan: UnitPlan,
  { packed, table, bias, channels, activation }: {
    readonly packed: number;
    readonly table: number;
    readonly bias: number;
    readonly channels: number;
    readonly activation: number;
  },
): (unit: Unit) => void {
  const { image: [, , depth], results } = plan.window;
  const [filter, inputs, products] = heapScratch(backend, "winograd", [
    NUMBERS * (depth * EIGHT * FLOAT + GAP) * (channels / EIGHT),
    NUMBERS * (TILES * depth * FLOAT + GAP),
    NUMBERS * TILES * EIGHT * FLOAT,
  ]);
  const kernels = simdKernels(backend);
  kernels.winogradFilter(packed, filter, channels / EIGHT, depth);
  return (unit) =>
    kernels.winograd(
      ...[table, unit.pixels, unit.input, unit.result, filter, bias, channels, depth],
      ...[plan.rowBytes, results.row / 2 * FLOAT, inputs, products, activation],
    );
}
