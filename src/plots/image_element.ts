import { Buffer } from "node:buffer";
import { encodePng } from "../images/encode_png.ts";
import type { RgbImage } from "../images/rgb_image.ts";
import { element } from "./svg_element.ts";

/** An image as an SVG element of the given place and size, its pixels inside. */
export function imageElement(
  image: RgbImage,
  box: { x: number; y: number; width: number; height: number },
): string {
  const { width, height, data } = shrinkImage(image, 2 * Math.max(box.width, box.height));
  const png = encodePng({ width, height, data, channels: 3 });
  return element("image", {
    ...box,
    preserveAspectRatio: "xMidYMid meet",
    href: `data:image/png;base64,${Buffer.from(png).toString("base64")}`,
  });
}

/** An image no larger than `side`, by averaging whole blocks of pixels: photographs stay small files. */
export function shrinkImage(image: RgbImage, side: number): RgbImage {
  const factor = Math.floor(Math.max(image.width, image.height) / side);
  if (factor < 2) return image;
  const width = Math.ceil(image.width / factor), height = Math.ceil(image.height / factor);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bottom = Math.min(image.height, (y + 1) * factor);
      const right = Math.min(image.width, (x + 1) * factor);
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0, count = 0;
        for (let v = y * factor; v < bottom; v++) {
          for (let u = x * factor; u < right; u++, count++) {
            sum += image.data[(v * image.width + u) * 3 + channel];
          }
        }
        data[(y * width + x) * 3 + channel] = Math.round(sum / count);
      }
    }
  }
  return { width, height, data };
}
