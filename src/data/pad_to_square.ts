import { DataError } from "./data_error.ts";
import type { ImageSet } from "./image_set.ts";
import { prepareImage } from "./prepare_image.ts";

type Block = Pick<ImageSet, "images" | "count" | "height" | "width">;

/**
 * Pads images that are not square with black, as {@linkcode prepareImage} does, without resizing
 * them: models take squares.
 *
 * @throws {DataError} when the squares need more than 2 GiB
 */
export async function padToSquare(block: Block, { path }: { path: string }): Promise<Block> {
  const { images, count, height, width } = block;
  if (height === width) return { images, count, height, width };
  const side = Math.max(height, width), size = side * side * 3, from = height * width * 3;
  if (count * size > 2 ** 31 - 1) {
    throw new DataError(
      `${path}: found ${count} images of ${height} x ${width}, which padded to ${side} x ${side} ` +
        `need ${count * size} bytes, at most ${
          2 ** 31 - 1
        } are held. Save them as smaller squares.`,
      { path },
    );
  }
  const out = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) {
    const data = images.subarray(i * from, (i + 1) * from);
    out.set((await prepareImage({ width, height, data }, side)).data, i * size);
  }
  return { images: out, count, height: side, width: side };
}
