import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeImage } from "../images/decode_image.ts";
import { encodePng } from "../images/encode_png.ts";
import { resizeImage } from "../images/resize_image.ts";
import { LIMITS } from "./limits.ts";
import type { CamPanel } from "./load_cams.ts";

/** A small PNG is taken as it is. */
const SMALL_BYTES = 8_000;

/** Data URIs by the path of the picture, and what is to be said about the others. */
export interface Thumbnails {
  readonly uris: ReadonlyMap<string, string>;
  /** Pictures that cannot be read, by path: why. */
  readonly faults: ReadonlyMap<string, string>;
  /** Pictures that the page loads from their files. */
  readonly linked: number;
}

/**
 * Thumbnails of explained images, the latest panels first, until the page holds enough of them. The
 * others are loaded from their files when they come into view.
 */
export async function makeThumbnails(
  run: string,
  panels: readonly CamPanel[],
): Promise<Thumbnails> {
  const uris = new Map<string, string>(), faults = new Map<string, string>();
  let room: number = LIMITS.thumbnailCharacters, linked = 0;
  for (const panel of [...panels].reverse()) {
    const paths = panel.cards.flatMap(({ original, overlay }) => [original, overlay]);
    for (const path of paths) {
      if (path === undefined) continue;
      if (room <= 0) {
        linked++;
        continue;
      }
      try {
        const uri = await thumbnail(join(run, path));
        uris.set(path, uri);
        room -= uri.length;
      } catch (error) {
        faults.set(path, (error as Error).message);
      }
    }
  }
  return { uris, faults, linked };
}

async function thumbnail(file: string): Promise<string> {
  let bytes: Uint8Array = await readFile(file);
  // Decoded in any case: what is no picture must be said, not shown as a broken one.
  const image = await decodeImage(bytes, { name: file });
  const longer = Math.max(image.width, image.height);
  if (bytes.length > SMALL_BYTES || longer > 2 * LIMITS.thumbnailSize || !isPng(bytes)) {
    const scale = Math.min(1, LIMITS.thumbnailSize / longer);
    const width = Math.max(1, Math.round(image.width * scale));
    const height = Math.max(1, Math.round(image.height * scale));
    bytes = encodePng({ ...await resizeImage(image, { width, height }), channels: 3 });
  }
  return `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`;
}

function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}
