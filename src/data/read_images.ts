import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeImage } from "../images/decode_image.ts";
import { DataError } from "./data_error.ts";
import { prepareImage } from "./prepare_image.ts";

/** Endings of image files, lower case. */
const ENDINGS = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

/** Whether a file name ends like an image, in upper or lower case. */
export function isImageName(name: string): boolean {
  return ENDINGS.some((ending) => name.toLowerCase().endsWith(ending));
}

/** Files that are decoded at the same time; each may need 200 MB while it is. */
const AT_ONCE = 4;

/**
 * Reads images and brings each to `size` x `size`.
 *
 * @param paths relative to `folder`
 * @returns `paths.length * size * size * 3` bytes
 * @throws {DataError} naming the first file that is no whole image
 */
export async function readImages(
  paths: readonly string[],
  { folder, size }: { readonly folder: string; readonly size: number },
): Promise<Uint8Array> {
  const bytes = size * size * 3, total = paths.length * bytes;
  if (total > 2 ** 31 - 1) {
    throw new DataError(
      `${folder}: ${paths.length} images of ${size} x ${size} need ${total} bytes, at most ` +
        `${2 ** 31 - 1} are held. Pass a smaller imageSize.`,
      { path: folder },
    );
  }
  const images = new Uint8Array(total);
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    await Promise.all(
      paths.slice(start, start + AT_ONCE).map(async (path, i) => {
        images.set(await readImage(join(folder, path), size), (start + i) * bytes);
      }),
    );
  }
  return images;
}

async function readImage(path: string, size: number): Promise<Uint8Array> {
  try {
    const image = await decodeImage(await readFile(path), { name: path });
    return (await prepareImage(image, size)).data;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const text = reason.includes(path) ? reason : `${path}: ${reason}`;
    throw new DataError(text, { path, cause });
  }
}
