import type { ImageSet } from "./image_set.ts";

/**
 * A new set of chosen images, in the order given; indices may repeat.
 *
 * @param indices positions in `set`
 * @throws {RangeError} when an index is not one of the set
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { selectImages, syntheticFundus } from "@qsight/qsight/data";
 * const set = syntheticFundus({ count: 4, size: 32, seed: 1 });
 * assert.deepEqual(selectImages(set, [2]).ids, [set.ids[2]]);
 * ```
 */
export function selectImages(set: ImageSet, indices: ArrayLike<number>): ImageSet {
  const chosen = Array.from(indices);
  for (const index of chosen) {
    if (!Number.isInteger(index) || index < 0 || index >= set.count) {
      throw new RangeError(
        `selectImages(): found index ${index}, wanted integers from 0 to ${set.count - 1}. ` +
          `"${set.name}" has ${set.count} images.`,
      );
    }
  }
  const area = set.height * set.width;
  return {
    ...set,
    count: chosen.length,
    images: gather(set.images, chosen, area * 3),
    labels: Int32Array.from(chosen, (index) => set.labels[index]),
    ids: chosen.map((index) => set.ids[index]),
    ...(set.groups && { groups: chosen.map((index) => set.groups![index]) }),
    ...(set.masks && { masks: gather(set.masks, chosen, area) }),
  };
}

function gather(bytes: Uint8Array, chosen: readonly number[], size: number): Uint8Array {
  const out = new Uint8Array(chosen.length * size);
  chosen.forEach((index, i) => out.set(bytes.subarray(index * size, (index + 1) * size), i * size));
  return out;
}
