import { joinBytes } from "../_internal/join_bytes.ts";
import type { ImageSet } from "./image_set.ts";

/**
 * Puts sets of one source together, in the order given.
 *
 * @param sets at least one, all of one size and with the same classes
 */
export function joinSets(sets: readonly ImageSet[]): ImageSet {
  const [first] = sets;
  const groups = sets.flatMap((set) => set.groups ?? []);
  const masks = sets.flatMap((set) => set.masks ?? []);
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const { masks: _masks, groups: _groups, ...rest } = first;
  return {
    ...rest,
    count,
    images: joinBytes(sets.map((set) => set.images)),
    labels: Int32Array.from(sets.flatMap((set) => Array.from(set.labels))),
    ids: sets.flatMap((set) => set.ids),
    ...(groups.length === count && { groups }),
    ...(masks.length === sets.length && { masks: joinBytes(masks) }),
  };
}
