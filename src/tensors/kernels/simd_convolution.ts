import type {
  ConvInfo,
  ConvolutionActivation,
  ConvolutionKernels,
  FilterGradientPlaces,
  ForwardPlaces,
  InputGradientPlaces,
} from "./convolution.ts";
import { heapScratch } from "./heap_scratch.ts";
import { simdKernels } from "./simd_kernels.ts";
import { forwardWindow, inputWindows, type SlidingWindow } from "./sliding_window.ts";
import { eachUnit, type Unit, unitPlan } from "./window_units.ts";
import { fitsWinograd, tileWindow, winogradUnits } from "./winograd_convolution.ts";
import type { WasmBackend } from "./wasm_heap.ts";

/** Bytes of a float; channels that are computed together, and taps of a filter gradient. */
const FLOAT = 4, EIGHT = 8, SIX = 6;

/** Pixels whose gradients are packed at a time, as in `assembly/filter_gradient.as`. */
const PACKED_PIXELS = 128;

const ACTIVATIONS: Record<ConvolutionActivation, number> = { linear: 0, relu: 1, relu6: 2 };

/**
 * Convolutions by the module in `assembly/`: any size, stride, dilation, padding and channels.
 * `winograd: false` computes all of them directly, also where Winograd's way is faster.
 */
export function simdConvolution(
  backend: WasmBackend,
  { winograd = true }: { readonly winograd?: boolean } = {},
): ConvolutionKernels {
  return {
    forward: (conv, places) => forward(backend, conv, { ...places, winograd }),
    filterGradient: (conv, places) => filterGradient(backend, conv, places),
    inputGradient: (conv, places) => inputGradient(backend, conv, { ...places, winograd }),
  };
}

/** Whether Winograd's way may be taken. */
interface Way {
  readonly winograd: boolean;
}

function forward(backend: WasmBackend, conv: ConvInfo, given: ForwardPlaces & Way): void {
  const { x, filter, bias, y, activation = "linear", winograd } = given;
  convolveWindow(backend, conv, {
    winograd,
    window: forwardWindow(conv),
    turned: false,
    image: x,
    filter,
    result: y,
    bias,
    activation: ACTIVATIONS[activation],
  });
}

function inputGradient(
  backend: WasmBackend,
  conv: ConvInfo,
  places: InputGradientPlaces & Way,
): void {
  const windows = inputWindows(conv);
  const { inHeight, inWidth, inChannels, batchSize } = conv;
  const met = windows.reduce((sum, { size: [rows, columns] }) => sum + rows * columns, 0);
  if (met < inHeight * inWidth) {
    const bytes = batchSize * inHeight * inWidth * inChannels * FLOAT;
    backend.wasm.HEAPU8.fill(0, places.gradient, places.gradient + bytes);
  }
  for (const window of windows) {
    convolveWindow(backend, conv, {
      winograd: places.winograd,
      window,
      turned: true,
      image: places.dy,
      filter: places.filter,
      result: places.gradient,
      activation: 0,
    });
  }
}

interface Work extends Way {
  readonly window: SlidingWindow;
  /** Whether the filter's inputs and outputs are exchanged. */
  readonly turned: boolean;
  readonly image: number;
  readonly filter: number;
  readonly result: number;
  readonly bias?: number;
  readonly activation: number;
}

function convolveWindow(backend: WasmBackend, conv: ConvInfo, work: Work): void {
  const { window, turned, image, result, bias, activation } = work;
  const { taps, firstTap, filterStep } = window;
  const channels = turned ? conv.inChannels : conv.outChannels;
  const padded = Math.ceil(channels / EIGHT) * EIGHT;
  const winograd = work.winograd && fitsWinograd(window, channels);
  const plan = unitPlan(winograd ? tileWindow(window) : window, { batch: conv.batchSize });
  const depth = window.image[2];
  const [table, copy, packed, zeros] = heapScratch(backend, "convolution", [
    plan.tableBytes,
    plan.copyBytes,
    padded * taps[0] * taps[1] * depth * FLOAT,
    padded * FLOAT,
  ]);
  const kernels = simdKernels(backend);
  kernels.packFilter(
    ...[work.filter, packed, conv.filterWidth, conv.inChannels, conv.outChannels],
    ...[firstTap[0], filterStep[0], taps[0], firstTap[1], filterStep[1], taps[1]],
    turned ? 1 : 0,
  );
  const { HEAPU8 } = backend.wasm;
  HEAPU8.fill(0, zeros, zeros + padded * FLOAT);
  if (bias !== undefined) HEAPU8.copyWithin(zeros, bias, bias + channels * FLOAT);
  const direct = (unit: Unit) =>
    kernels.convolve(
      ...[table, unit.pixels, unit.input, unit.result, packed, zeros, channels],
      ...plan.runs,
      activation,
    );
  const visit = winograd
    ? winogradUnits(backend, plan, { packed, table, bias: zeros, channels, activation })
    : direct;
  eachUnit(kernels, { plan, image, result, table, copy }, visit);
}

function filterGradient(backend: WasmBackend, conv: ConvInfo, places: FilterGradientPlaces): void {
  const window = forwardWindow(conv);
  const channels = conv.outChannels;
  const padded = Math.ceil(channels / EIGHT) * EIGHT;
  // A tile reads six taps at once, also beyond the last one.
  const plan = unitPlan(window, { batch: conv.batchSize, beyond: SIX });
  const [rows, columns, length] = plan.runs;
  const sumBytes = padded * rows * columns * Math.ceil(length / SIX) * SIX * FLOAT;
  const [table, copy, packed, sums] = heapScratch(backend, "filter gradient", [
    plan.tableBytes,
    plan.copyBytes,
    padded * PACKED_PIXELS * FLOAT,
    sumBytes,
  ]);
  const kernels = simdKernels(backend);
  backend.wasm.HEAPU8.fill(0, sums, sums + sumBytes);
  const where = { plan, image: places.x, result: places.dy, table, copy };
  eachUnit(kernels, where, (unit) =>
    kernels.filterGradient(
      ...[table, unit.pixels, unit.input, unit.result, packed, sums, channels],
      ...plan.runs,
    ));
  kernels.unpackFilter(sums, places.gradient, rows * columns, length, channels);
}
