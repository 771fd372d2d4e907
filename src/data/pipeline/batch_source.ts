import type { BatchChange, BatchPlan } from "../batch_plan.ts";
import { fillBatch, type Pixels } from "../fill_batch.ts";
import { type ImageFiles, isImageFiles } from "../image_files.ts";
import type { ImageSet } from "../image_set.ts";
import { readImages } from "../read_images.ts";

/** Where the images of batches come from; can be sent to a thread. */
export type BatchSource =
  | Pixels
  | Pick<ImageFiles, "folder" | "ids" | "width" | "height" | "fundus">;

/** The part of a set that its batches are filled from. */
export function sourceOf(set: ImageSet | ImageFiles): BatchSource {
  const { width, height } = set;
  if (!isImageFiles(set)) return { images: set.images, width, height };
  const { folder, ids, fundus } = set;
  return { folder, ids, width, height, fundus };
}

/**
 * The images of a batch, changed, from memory or from files.
 *
 * @throws {DataError} naming the first file that is no whole image
 */
export async function fillFrom(
  source: BatchSource,
  plan: BatchPlan,
  change: BatchChange,
): Promise<Float32Array<ArrayBuffer>> {
  if ("images" in source) return fillBatch(source, plan, change);
  const { folder, ids, width, height, fundus } = source;
  const paths = Array.from(plan.indices, (index) => ids[index]);
  const { images } = await readImages(paths, { folder, size: width, fundus });
  const { samples, epoch } = plan;
  const indices = Int32Array.from(paths, (_, i) => i);
  return fillBatch({ images, width, height }, { indices, samples, epoch }, change);
}
