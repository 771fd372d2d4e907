import type { Tensor, Tensor4D, Tf } from "../tf.ts";
import { type BatchNumbers, batchStatistics, coefficientPlaces } from "./batch_statistics.ts";
import { blockFilterGradient, blockInputGradient, blockSums } from "./block_gradients.ts";
import { convolutionKernels } from "./convolution_kernels.ts";
import { emptyTensor } from "./heap_numbers.ts";
import { imageGroups } from "./image_groups.ts";
import type { NormalizedBatch } from "./normalize_batch.ts";
import { runOperation } from "./own_operation.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend } from "./wasm_heap.ts";
import type { ConvolutionBlock } from "./block.ts";

/**
 * A block as one operation on wasm. Statistics are taken while results of the convolution are in
 * the processor's cache; nothing between the convolution and the end of the block is written down.
 */
export function convolutionBlock(
  tf: Tf,
  x: Tensor4D,
  block: ConvolutionBlock,
): NormalizedBatch {
  const { filter, gamma, beta } = block;
  let numbers: BatchNumbers | undefined;
  const y = runOperation(tf, {
    inputs: { x, filter, gamma, beta },
    forward(save) {
      const found = convolve(tf, x, block);
      numbers = found.numbers;
      const { coefficients } = numbers;
      if (block.end !== "pool") {
        save([x, filter, found.raw, coefficients]);
        return normalize(tf, found, block);
      }
      const { result, chosen, choice } = normalizePool(tf, found, block);
      save([x, filter, found.raw, coefficients, chosen, choice]);
      return result;
    },
    gradients(dy, [image, weights, raw, coefficients, chosen, choice]) {
      const saved = { x: image, filter: weights, raw, coefficients, chosen, choice };
      const sums = blockSums(tf, dy, { saved, block });
      const given = { saved, block, shares: sums.shares };
      return {
        x: () => blockInputGradient(tf, dy, given),
        filter: () => blockFilterGradient(tf, dy, given),
        gamma: () => tf.tensor1d(sums.gamma),
        beta: () => tf.tensor1d(sums.beta),
      };
    },
  });
  const { mean, variance } = numbers!;
  return { y, mean: tf.tensor1d([...mean]), variance: tf.tensor1d([...variance]) };
}

interface Convolved {
  readonly raw: Tensor;
  readonly numbers: BatchNumbers;
}

function convolve(tf: Tf, x: Tensor4D, { filter, conv, ...scale }: ConvolutionBlock): Convolved {
  const heap = tf.backend() as unknown as WasmBackend;
  const raw = emptyTensor(tf, conv.outShape);
  const statistics = batchStatistics(tf, conv.outChannels);
  for (const { part, rows, input, output } of imageGroups(conv)) {
    const y = address(heap, raw) + output;
    const places = { x: address(heap, x) + input, filter: address(heap, filter), y };
    convolutionKernels(heap).forward(part, places);
    statistics.add(rows, y);
  }
  return { raw, numbers: statistics.finish(scale) };
}

function normalize(tf: Tf, { raw, numbers }: Convolved, { conv, end }: ConvolutionBlock): Tensor {
  const heap = tf.backend() as unknown as WasmBackend;
  const y = emptyTensor(tf, conv.outShape);
  const { mean, factor, offset } = coefficientPlaces(heap, numbers.coefficients);
  simdKernels(heap).normalize(
    ...[address(heap, raw), address(heap, y), raw.size / conv.outChannels, conv.outChannels],
    ...[mean, factor, offset, end === "relu" ? 1 : 0],
  );
  return y;
}

function normalizePool(tf: Tf, { raw, numbers }: Convolved, { conv, pooled }: ConvolutionBlock) {
  const heap = tf.backend() as unknown as WasmBackend;
  const { batchSize, outHeight, outWidth, outChannels } = conv;
  const shape = [batchSize, ...pooled!, outChannels];
  const [result, chosen] = [emptyTensor(tf, shape), emptyTensor(tf, shape)];
  // A byte for each number.
  const choice = emptyTensor(tf, shape, "bool");
  const { mean, factor, offset } = coefficientPlaces(heap, numbers.coefficients);
  simdKernels(heap).normalizePool(
    ...[raw, result, chosen, choice].map((tensor) => address(heap, tensor)),
    ...[batchSize, outHeight, outWidth, outChannels, ...pooled!],
    ...[mean, factor, offset],
  );
  return { result, chosen, choice };
}
