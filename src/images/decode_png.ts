import { decode } from "fast-png";
import type { PngPixels } from "./encode_png.ts";
import { ImageError } from "./image_error.ts";

/**
 * Decodes what `encodePng()` has written, without waiting: 8 bits, no palette. Files of others go
 * through `decodeImage()`, which knows all kinds.
 *
 * @param name how errors call the image
 * @throws {ImageError} when the bytes are no such PNG
 */
export function decodePng(bytes: Uint8Array, name: string): PngPixels {
  let found;
  try {
    found = decode(bytes);
  } catch (cause) {
    throw new ImageError(
      `${name}: found bytes that are no whole PNG, wanted those that encodePng() wrote. ` +
        "Take the file from where it was saved",
      { file: name, cause },
    );
  }
  const { width, height, channels, depth } = found;
  if (depth !== 8 || found.palette !== undefined || ![1, 3, 4].includes(channels)) {
    throw new ImageError(
      `${name}: found a PNG of ${depth} bits and ${channels} channels` +
        `${found.palette === undefined ? "" : " with a palette"}, wanted 8 bits and 1, 3 or 4 ` +
        "channels. Read it with decodeImage()",
      { file: name },
    );
  }
  return {
    width,
    height,
    data: Uint8Array.from(found.data),
    channels: channels as PngPixels["channels"],
  };
}
