import { encodePng } from "../../images/encode_png.ts";
import type { ImageChange } from "./image_change.ts";
import type { Pixels } from "./image_patch.ts";

/** Changed pixels, and the halo around them that lets the eye find a handful of them. */
const CHANGED = [215, 0, 64], HALO = [255, 190, 80];
const HALO_REACH = 3;

/** A PNG file of the stored picture, faded to grey, with what differs in red on orange. */
export function imageMarks(stored: Pixels, { mask }: ImageChange): Uint8Array {
  const { width, height } = stored;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < mask.length; i++) {
    const [r, g, b] = [stored.data[i * 4], stored.data[i * 4 + 1], stored.data[i * 4 + 2]];
    const faded = 255 - (255 - (0.299 * r + 0.587 * g + 0.114 * b)) * 0.25;
    data[i * 3] = data[i * 3 + 1] = data[i * 3 + 2] = faded;
  }
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const x = i % width, y = (i - x) / width;
    const last = Math.min(height - 1, y + HALO_REACH);
    for (let row = Math.max(0, y - HALO_REACH); row <= last; row++) {
      const right = row * width + Math.min(width - 1, x + HALO_REACH);
      for (let j = row * width + Math.max(0, x - HALO_REACH); j <= right; j++) {
        if (mask[j] === 0) data.set(HALO, j * 3);
      }
    }
    data.set(CHANGED, i * 3);
  }
  return encodePng({ width, height, data, channels: 3 });
}
