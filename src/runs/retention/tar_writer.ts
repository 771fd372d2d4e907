import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { ArchiveError } from "./archive_error.ts";
import { BLOCK, padded, tarHeader } from "./tar_header.ts";

/** A file to pack. */
export interface PackedFile {
  /** Path in the archive. */
  readonly path: string;
  /** Path on disk. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Packs files into an open file as tar.gz, piece by piece, whatever their size. Equal files, names and
 * times give equal bytes in one runtime.
 *
 * @param options.seconds time of all files since 1970
 * @throws {ArchiveError} when a file has another size than was said
 */
export async function writeTarGz(
  target: FileHandle,
  { files, seconds }: { readonly files: readonly PackedFile[]; readonly seconds: number },
): Promise<void> {
  const gzip = createGzip({ level: 6 });
  await pipeline(Readable.from(tarBlocks(files, seconds)), gzip, async (pieces) => {
    for await (const piece of pieces as AsyncIterable<Uint8Array>) await target.write(piece);
  });
}

async function* tarBlocks(
  files: readonly PackedFile[],
  seconds: number,
): AsyncGenerator<Uint8Array> {
  for (const { path, file, bytes } of files) {
    yield tarHeader({ path, bytes, seconds });
    let read = 0;
    for await (const piece of createReadStream(file)) {
      read += piece.length;
      yield piece;
    }
    if (read !== bytes) {
      throw new ArchiveError(
        `${file} has ${read} bytes, wanted ${bytes}: it changed. Verify the run and try again`,
      );
    }
    if (padded(bytes) > bytes) yield new Uint8Array(padded(bytes) - bytes);
  }
  yield new Uint8Array(2 * BLOCK);
}
