import type { Pixels } from "./fill_batch.ts";

const shared = new WeakMap<Uint8Array, Uint8Array>();

/** The pixels of a set in memory that all threads see: copied once, unless they are there already. */
export function sharedPixels({ images, width, height }: Pixels): Pixels {
  if (images.buffer instanceof SharedArrayBuffer) return { images, width, height };
  let copy = shared.get(images);
  if (copy === undefined) {
    copy = new Uint8Array(new SharedArrayBuffer(images.byteLength));
    copy.set(images);
    shared.set(images, copy);
  }
  return { images: copy, width, height };
}
