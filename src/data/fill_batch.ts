import { augmentInto } from "./augment_image.ts";
import type { BatchChange, BatchPlan } from "./batch_plan.ts";
import type { ImageSet } from "./image_set.ts";

/** The pixels of a set. */
export type Pixels = Pick<ImageSet, "images" | "width" | "height">;

/**
 * The images of a batch as numbers in [0, 1], NHWC, changed as their sample numbers say: whoever
 * fills a batch, or a part of one, writes the same bytes.
 */
export function fillBatch(
  { images, width, height }: Pixels,
  { indices, samples, epoch }: Omit<BatchPlan, "step">,
  { seed, ranges }: BatchChange,
): Float32Array<ArrayBuffer> {
  const size = width * height * 3;
  const x = new Float32Array(indices.length * size);
  indices.forEach((index, i) => {
    const data = images.subarray(index * size, (index + 1) * size);
    const out = x.subarray(i * size, (i + 1) * size);
    const sample = samples[i];
    if (ranges) augmentInto(out, { width, height, data }, { ...ranges, seed, epoch, sample });
    else toFloats(out, data);
  });
  return x;
}

let shares: Float32Array | undefined;

function toFloats(out: Float32Array, data: Uint8Array): void {
  shares ??= Float32Array.from({ length: 256 }, (_, i) => i / 255);
  for (let k = 0; k < data.length; k++) out[k] = shares[data[k]];
}
