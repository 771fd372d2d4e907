import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeImage } from "../images/decode_image.ts";
import { DataError } from "./data_error.ts";
import type { DataReport } from "./image_set.ts";
import { prepareFundus } from "./fundus_preparation.ts";
import type { FundusOptions } from "./fundus_options.ts";

/** Endings of image files, lower case. */
const ENDINGS = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

/** Whether a file name ends like an image, in upper or lower case. */
export function isImageName(name: string): boolean {
  return ENDINGS.some((ending) => name.toLowerCase().endsWith(ending));
}

/** What becomes of an image file that cannot be decoded. */
export type OnUnreadable = "error" | "skip";

/** Images that were read. */
export interface ReadImages {
  /** `kept.length * size * size * 3` bytes. */
  readonly images: Uint8Array;
  /** Positions of the files that were read, in rising order. */
  readonly kept: readonly number[];
  /** The others and why; empty unless `onUnreadable` is `"skip"`. */
  readonly unreadable: NonNullable<DataReport["unreadable"]>;
  /** Sizes in the files, the most frequent first. */
  readonly sizes: NonNullable<DataReport["sizes"]>;
}

/** Files that are decoded at the same time; each may need 200 MB while it is. */
const AT_ONCE = 4;

/**
 * Reads images and brings each to `size` x `size`.
 *
 * @param paths relative to `folder`
 * @throws {DataError} naming the first file that is no whole image, unless those are to be skipped
 */
export async function readImages(
  paths: readonly string[],
  { folder, size, fundus, onUnreadable = "error" }: {
    readonly folder: string;
    readonly size: number;
    readonly fundus?: FundusOptions;
    readonly onUnreadable?: OnUnreadable;
  },
): Promise<ReadImages> {
  const bytes = size * size * 3, total = paths.length * bytes;
  if (total > 2 ** 31 - 1) {
    throw new DataError(
      `${folder}: ${paths.length} images of ${size} x ${size} need ${total} bytes, at most ` +
        `${2 ** 31 - 1} are held. Pass a smaller imageSize.`,
      { path: folder },
    );
  }
  const images = new Uint8Array(total), kept: number[] = [];
  const unreadable: { path: string; reason: string }[] = [], sizes: [number, number][] = [];
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const read = await Promise.all(
      paths.slice(start, start + AT_ONCE).map((path) =>
        readImage(join(folder, path), { size, fundus }).catch((error: unknown) => {
          if (onUnreadable === "skip" && error instanceof DataError) return error;
          throw error;
        })
      ),
    );
    read.forEach((image, i) => {
      if (image instanceof DataError) {
        unreadable.push({ path: paths[start + i], reason: image.message });
        return;
      }
      images.set(image.data, kept.length * bytes);
      kept.push(start + i);
      sizes.push(image.size);
    });
  }
  return {
    images: kept.length === paths.length ? images : images.slice(0, kept.length * bytes),
    kept,
    unreadable,
    sizes: countSizes(sizes),
  };
}

function countSizes(sizes: readonly [number, number][]): ReadImages["sizes"] {
  const counts = new Map<string, { width: number; height: number; count: number }>();
  for (const [width, height] of sizes) {
    const known = counts.get(`${width}x${height}`);
    if (known) known.count++;
    else counts.set(`${width}x${height}`, { width, height, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

async function readImage(
  path: string,
  { size, fundus }: { readonly size: number; readonly fundus?: FundusOptions },
): Promise<{ readonly data: Uint8Array; readonly size: [number, number] }> {
  try {
    const image = await decodeImage(await readFile(path), { name: path });
    return {
      data: (await prepareFundus(image, size, fundus)).data,
      size: [image.width, image.height],
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const text = reason.includes(path) ? reason : `${path}: ${reason}`;
    throw new DataError(text, { path, cause });
  }
}
