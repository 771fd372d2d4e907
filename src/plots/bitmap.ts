import { Buffer } from "node:buffer";
import { encodePng } from "../images/encode_png.ts";
import { element } from "./svg_element.ts";

/** An 8-bit RGB picture, row by row, 3 bytes a pixel. */
export interface Bitmap {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `height * width * 3` bytes. */
  readonly data: Uint8Array;
}

/** A picture as an SVG image of the given place and size, its pixels inside. */
export function bitmapElement(
  bitmap: Bitmap,
  box: { x: number; y: number; width: number; height: number },
): string {
  const { width, height, data } = shrinkBitmap(bitmap, 2 * Math.max(box.width, box.height));
  const png = encodePng({ width, height, data, channels: 3 });
  return element("image", {
    ...box,
    preserveAspectRatio: "xMidYMid meet",
    href: `data:image/png;base64,${Buffer.from(png).toString("base64")}`,
  });
}

/** A picture no larger than `side`, by averaging whole blocks of pixels: photographs stay small files. */
export function shrinkBitmap(bitmap: Bitmap, side: number): Bitmap {
  const factor = Math.floor(Math.max(bitmap.width, bitmap.height) / side);
  if (factor < 2) return bitmap;
  const width = Math.ceil(bitmap.width / factor), height = Math.ceil(bitmap.height / factor);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bottom = Math.min(bitmap.height, (y + 1) * factor);
      const right = Math.min(bitmap.width, (x + 1) * factor);
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0, count = 0;
        for (let v = y * factor; v < bottom; v++) {
          for (let u = x * factor; u < right; u++, count++) {
            sum += bitmap.data[(v * bitmap.width + u) * 3 + channel];
          }
        }
        data[(y * width + x) * 3 + channel] = Math.round(sum / count);
      }
    }
  }
  return { width, height, data };
}
