import { createHash } from "node:crypto";
import type { ImageSet } from "./image_set.ts";

/**
 * SHA-256 over size, classes, labels, ids and pixels of the given sets, as 64 hex digits. Two runs
 * with the same fingerprint saw the same data in the same order.
 */
export function fingerprint(splits: Readonly<Record<string, ImageSet | undefined>>): string {
  const hash = createHash("sha256");
  for (const [split, set] of Object.entries(splits)) {
    if (set === undefined) continue;
    const { count, height, width, classes, ids } = set;
    hash.update(JSON.stringify({ split, count, height, width, classes, ids }));
    hash.update(littleEndian(set.labels));
    hash.update(set.images);
  }
  return hash.digest("hex");
}

/** SHA-256 of the pixels of each image, to find the same image twice. */
export function imageHashes({ images, count, height, width }: ImageSet): string[] {
  const size = height * width * 3;
  return Array.from(
    { length: count },
    (_, i) =>
      createHash("sha256").update(images.subarray(i * size, (i + 1) * size)).digest("base64"),
  );
}

/** The same bytes on every machine. */
function littleEndian(labels: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(labels.length * 4));
  labels.forEach((label, i) => view.setInt32(i * 4, label, true));
  return new Uint8Array(view.buffer);
}
