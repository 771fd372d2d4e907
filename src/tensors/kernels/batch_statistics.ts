import type { Tensor, Tf } from "../tf.ts";
import { heapDoubles, heapFloats } from "./heap_numbers.ts";
import { heapScratch } from "./heap_scratch.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend } from "./wasm_heap.ts";

const FLOAT = 4, DOUBLE = 8;

/** Trained numbers of a batch normalisation, `[channels]` each. */
export interface NormScale {
  readonly gamma: Tensor;
  readonly beta: Tensor;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** Sums over a batch that are taken part by part. */
export interface BatchStatistics {
  /** Adds `rows` rows of channels at an address. */
  add(rows: number, place: number): void;
  /** What a batch is normalised by. */
  finish(scale: NormScale): BatchNumbers;
}

/** The mean and variance of a batch, and in one tensor [4, channels] what kernels need of them. */
export interface BatchNumbers {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  /** Rows mean, factor γ / √(variance + ε), offset β and 1 / √(variance + ε). */
  readonly coefficients: Tensor;
}

/**
 * Begins the statistics of a batch. Distances are taken from its first row, so that a mean far from
 * zero costs the variance no digits.
 */
export function batchStatistics(tf: Tf, channels: number): BatchStatistics {
  const heap = tf.backend() as unknown as WasmBackend;
  const [shift, sums] = heapScratch(heap, "statistics", [channels * FLOAT, 2 * channels * DOUBLE]);
  const kernels = simdKernels(heap);
  let count = 0;
  return {
    add(rows, place) {
      if (count === 0) {
        heap.wasm.HEAPU8.copyWithin(shift, place, place + channels * FLOAT);
        heap.wasm.HEAPU8.fill(0, sums, sums + 2 * channels * DOUBLE);
      }
      kernels.channelSums(place, rows, channels, shift, sums);
      count += rows;
    },
    finish(scale) {
      const first = heapFloats(heap, shift, channels);
      const total = heapDoubles(heap, sums, 2 * channels);
      const away = Array.from(first, (_, c) => total[c] / count);
      const mean = away.map((distance, c) => first[c] + distance);
      const variance = away.map((distance, c) =>
        Math.max(0, total[channels + c] / count - distance * distance)
      );
      return batchNumbers(tf, { mean, variance }, scale);
    },
  };
}

function batchNumbers(
  tf: Tf,
  { mean, variance }: { readonly mean: number[]; readonly variance: number[] },
  { gamma, beta, epsilon }: NormScale,
): BatchNumbers {
  const [scale, offset] = [gamma.dataSync(), beta.dataSync()];
  const inverse = variance.map((value) => 1 / Math.sqrt(value + epsilon));
  const rows = [mean, inverse.map((value, c) => value * scale[c]), ...[offset], inverse];
  const numbers = rows.flatMap((row) => Array.from(row));
  return {
    mean,
    variance,
    coefficients: tf.tensor2d(numbers, [4, mean.length]),
  };
}

/** Where the rows of the coefficients are on the heap. */
export function coefficientPlaces(backend: WasmBackend, coefficients: Tensor) {
  const start = address(backend, coefficients), row = coefficients.shape[1]! * FLOAT;
  return { mean: start, factor: start + row, offset: start + 2 * row };
}

/** What the gradient of a batch normalisation needs besides the gradient of its result. */
export interface NormGradient {
  /** Gradients of offset and scale. */
  readonly beta: Float32Array;
  readonly gamma: Float32Array;
  /** Rows constant and slope, [2, channels]: what each x loses to the mean and the variance. */
  readonly shares: Tensor;
}

/**
 * With S = Σ dy, T = Σ dy·(x − mean) and r = 1 / √(variance + ε) over `count` rows:
 * dx = dy·γ·r − (S·γ·r / count + (x − mean)·T·γ·r³ / count), dγ = T·r, dβ = S.
 * `sum` adds S and T of each channel to doubles at the place it is given.
 */
export function normGradient(
  tf: Tf,
  { coefficients, count }: { readonly coefficients: Tensor; readonly count: number },
  sum: (place: number) => void,
): NormGradient {
  const heap = tf.backend() as unknown as WasmBackend;
  const channels = coefficients.shape[1]!;
  const [place] = heapScratch(heap, "statistics", [2 * channels * DOUBLE]);
  heap.wasm.HEAPU8.fill(0, place, place + 2 * channels * DOUBLE);
  sum(place);
  const sums = heapDoubles(heap, place, 2 * channels);
  const numbers = heapFloats(heap, address(heap, coefficients), 4 * channels);
  const [beta, gamma] = [new Float32Array(channels), new Float32Array(channels)];
  const shares = new Float32Array(2 * channels);
  for (let c = 0; c < channels; c++) {
    const factor = numbers[channels + c], inverse = numbers[3 * channels + c];
    beta[c] = sums[c];
    gamma[c] = sums[channels + c] * inverse;
    shares[c] = factor * sums[c] / count;
    shares[channels + c] = factor * inverse * inverse * sums[channels + c] / count;
  }
  return { beta, gamma, shares: tf.tensor2d(shares, [2, channels]) };
}
