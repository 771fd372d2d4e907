import { encodePng } from "../../images/encode_png.ts";
import type { ImageChange } from "./image_change.ts";
import type { ImagePair } from "./image_excess.ts";

/** Changed pixels, and the halo around them that lets the eye find a handful of them. */
const CHANGED = [215, 0, 64], HALO = [255, 190, 80];
const HALO_REACH = 3;

/** A PNG file of the stored picture, faded to grey, with what differs in red on orange. */
export function imageMarks(
  { width, height, stored }: ImagePair,
  { mask }: ImageChange,
): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < mask.length; i++) {
    const p = i * 4;
    const grey = 0.299 * stored[p] + 0.587 * stored[p + 1] + 0.114 * stored[p + 2];
    data.fill(255 - (255 - grey) * 0.25, i * 3, i * 3 + 3);
  }
  const paint = (i: number, colour: readonly number[]) => data.set(colour, i * 3);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const x = i % width, y = (i - x) / width;
    for (
      let row = Math.max(0, y - HALO_REACH);
      row <= Math.min(height - 1, y + HALO_REACH);
      row++
    ) {
      const first = row * width + Math.max(0, x - HALO_REACH);
      const last = row * width + Math.min(width - 1, x + HALO_REACH);
      for (let j = first; j <= last; j++) if (mask[j] === 0) paint(j, HALO);
    }
    paint(i, CHANGED);
  }
  return encodePng({ width, height, data, channels: 3 });
}
