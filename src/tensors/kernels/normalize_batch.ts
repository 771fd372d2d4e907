import type { Tensor, Tf } from "../tf.ts";
import {
  type BatchNumbers,
  batchStatistics,
  coefficientPlaces,
  normGradient,
  type NormScale,
} from "./batch_statistics.ts";
import { emptyTensor } from "./heap_numbers.ts";
import { runOperation } from "./own_operation.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend } from "./wasm_heap.ts";

/** A normalised batch with its mean and variance, which have no gradient. */
export interface NormalizedBatch {
  readonly y: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Batch normalisation in training on wasm, over all axes but the last, in two passes over the
 * numbers, and three for its gradient. `relu` keeps the positive part.
 */
export function normalizeBatch(
  tf: Tf,
  x: Tensor,
  { gamma, beta, epsilon, relu = false }: NormScale & { readonly relu?: boolean },
): NormalizedBatch {
  const channels = x.shape[x.rank - 1]!, rows = x.size / channels;
  let numbers: BatchNumbers | undefined;
  const y = runOperation(tf, {
    inputs: { x, gamma, beta },
    forward(save) {
      const heap = tf.backend() as unknown as WasmBackend;
      const statistics = batchStatistics(tf, channels);
      statistics.add(rows, address(heap, x));
      numbers = statistics.finish({ gamma, beta, epsilon });
      const result = emptyTensor(tf, x.shape);
      const { mean, factor, offset } = coefficientPlaces(heap, numbers.coefficients);
      simdKernels(heap).normalize(
        ...[address(heap, x), address(heap, result), rows, channels],
        ...[mean, factor, offset, relu ? 1 : 0],
      );
      save([x, numbers.coefficients]);
      return result;
    },
    gradients(dy, [input, coefficients]) {
      const given = { dy, x: input, coefficients, relu };
      const sums = gradientSums(tf, given);
      return {
        x: () => inputGradient(tf, { ...given, shares: sums.shares }),
        gamma: () => tf.tensor1d(sums.gamma),
        beta: () => tf.tensor1d(sums.beta),
      };
    },
  });
  const { mean, variance } = numbers!;
  return { y, mean: tf.tensor1d([...mean]), variance: tf.tensor1d([...variance]) };
}

interface Given {
  readonly dy: Tensor;
  readonly x: Tensor;
  readonly coefficients: Tensor;
  readonly relu: boolean;
}

function gradientSums(tf: Tf, { dy, x, coefficients, relu }: Given) {
  const heap = tf.backend() as unknown as WasmBackend;
  const channels = coefficients.shape[1]!, count = x.size / channels;
  const { mean, factor, offset } = coefficientPlaces(heap, coefficients);
  return normGradient(tf, { coefficients, count }, (place) =>
    simdKernels(heap).normalizeSums(
      ...[address(heap, dy), address(heap, x), count, channels],
      ...[mean, factor, offset, relu ? 1 : 0, place],
    ));
}

function inputGradient(
  tf: Tf,
  { dy, x, coefficients, relu, shares }: Given & { readonly shares: Tensor },
): Tensor {
  const heap = tf.backend() as unknown as WasmBackend;
  const channels = coefficients.shape[1]!;
  const dx = emptyTensor(tf, x.shape);
  const { mean, factor, offset } = coefficientPlaces(heap, coefficients);
  const constant = address(heap, shares);
  simdKernels(heap).normalizeGradient(
    ...[address(heap, dy), address(heap, x), address(heap, dx), x.size / channels, channels],
    ...[mean, factor, offset, relu ? 1 : 0, constant, constant + 4 * channels],
  );
  return dx;
}
