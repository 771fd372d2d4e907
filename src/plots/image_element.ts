import type { RgbImage } from "../images/rgb_image.ts";
import { imageText } from "./saved_pixels.ts";
import { element } from "./svg_element.ts";

/** An image as an SVG element of the given place and size, its pixels inside. */
export function imageElement(
  image: RgbImage,
  box: { x: number; y: number; width: number; height: number },
): string {
  const pixels = shrinkImage(image, 2 * Math.max(box.width, box.height));
  return element("image", {
    ...box,
    preserveAspectRatio: "xMidYMid meet",
    href: `data:image/png;base64,${imageText(pixels)}`,
  });
}

/**
 * An image no larger than `side`, each pixel the mean of the area that it covers: photographs stay
 * small files, and no line between two old pixels is lost.
 */
export function shrinkImage(image: RgbImage, side: number): RgbImage {
  const factor = Math.max(image.width, image.height) / side;
  if (factor <= 1) return image;
  const width = Math.max(1, Math.round(image.width / factor));
  const height = Math.max(1, Math.round(image.height / factor));
  // One direction after the other: the mean of a rectangle is the mean of the means of its rows.
  const across = new Float32Array(image.height * width * 3);
  shares(image.width, width).forEach((taps, x) => {
    for (let y = 0; y < image.height; y++) {
      for (const { at, part } of taps) {
        for (let c = 0; c < 3; c++) {
          across[(y * width + x) * 3 + c] += part * image.data[(y * image.width + at) * 3 + c];
        }
      }
    }
  });
  const sums = new Float32Array(height * width * 3);
  shares(image.height, height).forEach((taps, y) => {
    for (const { at, part } of taps) {
      for (let i = 0; i < width * 3; i++) {
        sums[y * width * 3 + i] += part * across[at * width * 3 + i];
      }
    }
  });
  return { width, height, data: Uint8Array.from(sums, (value) => Math.round(value)) };
}

/** For each new pixel of a line: the old ones that it covers, and their parts, which sum to 1. */
function shares(from: number, to: number): { at: number; part: number }[][] {
  const factor = from / to;
  return Array.from({ length: to }, (_, i) => {
    const low = i * factor, high = Math.min(from, low + factor);
    const taps = [];
    for (let at = Math.floor(low); at < high && at < from; at++) {
      const part = (Math.min(high, at + 1) - Math.max(low, at)) / factor;
      if (part > 1e-9) taps.push({ at, part });
    }
    return taps;
  });
}
