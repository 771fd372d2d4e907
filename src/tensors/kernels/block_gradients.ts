import type { Tensor, Tf } from "../tf.ts";
import { coefficientPlaces, type NormGradient, normGradient } from "./batch_statistics.ts";
import { convolutionKernels } from "./convolution_kernels.ts";
import type { BlockSaved, ConvolutionBlock } from "./block.ts";
import { emptyTensor } from "./heap_numbers.ts";
import { heapScratch } from "./heap_scratch.ts";
import { type ImageGroup, imageGroups } from "./image_groups.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend } from "./wasm_heap.ts";

const FLOAT = 4;

interface Given {
  readonly saved: BlockSaved;
  readonly block: ConvolutionBlock;
}

/** The gradients of scale and offset, and what every raw number loses to the statistics. */
export function blockSums(tf: Tf, dy: Tensor, { saved, block: { end } }: Given): NormGradient {
  const heap = tf.backend() as unknown as WasmBackend;
  const { raw, coefficients, chosen, choice } = saved;
  const channels = coefficients.shape[1]!, count = raw.size / channels;
  const { mean, factor, offset } = coefficientPlaces(heap, coefficients);
  return normGradient(tf, { coefficients, count }, (sums) => {
    if (end === "pool") {
      simdKernels(heap).poolSums(
        ...[dy, chosen!, choice!].map((tensor) => address(heap, tensor)),
        ...[dy.size / channels, channels, mean, sums],
      );
      return;
    }
    simdKernels(heap).normalizeSums(
      ...[address(heap, dy), address(heap, raw), count, channels],
      ...[mean, factor, offset, end === "relu" ? 1 : 0, sums],
    );
  });
}

type GivenShares = Given & { readonly shares: Tensor };

/**
 * The gradient of the raw numbers is made for some images at a time, in the cache, once for the
 * filter and once for the images; whoever needs one of them does not pay for the other.
 */
export function blockFilterGradient(tf: Tf, dy: Tensor, given: GivenShares): Tensor {
  const heap = tf.backend() as unknown as WasmBackend;
  const { saved: { x }, block: { conv } } = given;
  // One gradient for each group, added up in double precision.
  const parts = emptyTensor(tf, [groupCount(conv), ...conv.filterShape]);
  const bytes = parts.strides[0] * FLOAT;
  let gradient = address(heap, parts);
  eachGroup(tf, dy, { ...given, image: address(heap, x) }, ({ part }, places) => {
    convolutionKernels(heap).filterGradient(part, { ...places, gradient });
    gradient += bytes;
  });
  return tf.sum(parts, 0);
}

function groupCount(conv: ConvolutionBlock["conv"]): number {
  return Array.from(imageGroups(conv)).length;
}

/** The gradient of the images. */
export function blockInputGradient(tf: Tf, dy: Tensor, given: GivenShares): Tensor {
  const heap = tf.backend() as unknown as WasmBackend;
  const { saved, block: { conv } } = given;
  const dx = emptyTensor(tf, conv.inShape);
  const filter = address(heap, saved.filter);
  eachGroup(
    tf,
    dy,
    { ...given, image: address(heap, dx) },
    ({ part }, places) =>
      convolutionKernels(heap).inputGradient(part, { dy: places.dy, filter, gradient: places.x }),
  );
  return dx;
}

/** Visits groups of images with the place of theirs in `image` and the gradient of their results. */
function eachGroup(
  tf: Tf,
  dy: Tensor,
  given: GivenShares & { readonly image: number },
  visit: (group: ImageGroup, places: { readonly x: number; readonly dy: number }) => void,
): void {
  const heap = tf.backend() as unknown as WasmBackend;
  const { conv } = given.block;
  let room: number | undefined;
  for (const group of imageGroups(conv)) {
    // The first group is the largest.
    const [place] = room === undefined
      ? heapScratch(heap, "block", [group.rows * conv.outChannels * FLOAT])
      : [room];
    room = place;
    rawGradient(tf, dy, { ...given, group, place });
    visit(group, { x: given.image + group.input, dy: place });
  }
}

/** The gradient of some images' raw numbers at a place on the heap. */
function rawGradient(
  tf: Tf,
  dy: Tensor,
  { saved, block, shares, group, place }: GivenShares & {
    readonly group: ImageGroup;
    readonly place: number;
  },
): void {
  const heap = tf.backend() as unknown as WasmBackend;
  const { end, pooled, conv: { outHeight, outWidth, outChannels: channels } } = block;
  const { mean, factor, offset } = coefficientPlaces(heap, saved.coefficients);
  const constant = address(heap, shares), slope = constant + channels * FLOAT;
  const raw = address(heap, saved.raw) + group.output;
  if (end === "pool") {
    const before = group.first * pooled![0] * pooled![1] * channels;
    simdKernels(heap).poolGradient(
      ...[address(heap, dy) + before * FLOAT, address(heap, saved.choice!) + before, raw, place],
      ...[group.images, outHeight, outWidth, channels, ...pooled!],
      ...[mean, factor, constant, slope],
    );
    return;
  }
  simdKernels(heap).normalizeGradient(
    ...[address(heap, dy) + group.output, raw, place, group.rows, channels],
    ...[mean, factor, offset, end === "relu" ? 1 : 0, constant, slope],
  );
}
