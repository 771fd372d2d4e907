import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { ArchiveError } from "./archive_error.ts";
import { BLOCK, padded, parseHeader, parsePax, type TarEntry } from "./tar_header.ts";

/** Largest pax header that is read: a path is far shorter. */
const MOST_PAX = 1 << 20;

/** Takes one file of an archive; it must read all of its content. */
export type TarVisitor = (entry: TarEntry, content: AsyncIterable<Uint8Array>) => Promise<void>;

/**
 * Reads a tar.gz file from its beginning to its end, piece by piece. Entries of folders are passed
 * over.
 *
 * @throws {ArchiveError} for paths that are absolute or climb, links and other special entries, and
 * for an archive that is damaged or ends too early
 */
export async function readTarGz(path: string, visit: TarVisitor): Promise<void> {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  // Without this a file that cannot be read would leave the reader waiting.
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    await readEntries(new Pieces(gunzip), visit);
  } catch (error) {
    const { code = "", message } = error as Error & { readonly code?: string };
    // The file system names its file; what zlib and the readers below say is about this archive.
    if (/^E[A-Z]+$/.test(code) || message.includes(path)) throw error;
    throw new ArchiveError(`${path}: ${message}`, { cause: error });
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function readEntries(pieces: Pieces, visit: TarVisitor): Promise<void> {
  let pax: ReturnType<typeof parsePax> = {};
  for (;;) {
    const header = parseHeader(await pieces.take(BLOCK));
    if (header === undefined) break;
    const { path = header.path, bytes = header.bytes } = header.type === "x" ? {} : pax;
    if (header.type === "x") {
      if (bytes > MOST_PAX) {
        throw new ArchiveError(`found a pax header of ${bytes} bytes: too long`);
      }
      pax = parsePax((await pieces.take(padded(bytes))).subarray(0, bytes));
      continue;
    }
    pax = {};
    refuseEntry(path, header.type);
    if (header.type === "5") continue;
    let left = bytes;
    await visit(
      { path, bytes },
      (async function* () {
        while (left > 0) {
          const piece = await pieces.next(left);
          left -= piece.length;
          yield piece;
        }
      })(),
    );
    if (left > 0) throw new Error(`Visitor left ${left} bytes of ${path} unread`);
    await pieces.take(padded(bytes) - bytes);
  }
  if ((await pieces.take(BLOCK)).some((byte) => byte !== 0)) {
    throw new ArchiveError("found one block of zeros instead of two at its end: use a copy of it");
  }
  await pieces.drain();
}

/** Nothing is unpacked outside its folder, and nothing but files. */
function refuseEntry(path: string, type: string): void {
  const kinds: Readonly<Record<string, string>> = { "1": "a hard link", "2": "a link" };
  if (type !== "0" && type !== "5") {
    const kind = kinds[type] ?? `an entry of type ${JSON.stringify(type)}`;
    throw new ArchiveError(
      `"${path}" is ${kind}, wanted files only: pass an archive that qsight wrote`,
    );
  }
  const isAbsolute = path.startsWith("/") || /^[A-Za-z]:/.test(path);
  const climbs = path.split("/").includes("..");
  if (path === "" || isAbsolute || climbs || /[\\\0]/.test(path)) {
    throw new ArchiveError(
      `"${path}" leads out of the folder, wanted a path below it: pass an archive that qsight wrote`,
    );
  }
}

/** A stream cut at will. */
class Pieces {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next bytes, at least one and at most so many. */
  async next(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#source.next();
      if (done) throw new ArchiveError("the archive ends too early: use a copy of it");
      this.#rest = value;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  /** Exactly so many bytes. */
  async take(count: number): Promise<Uint8Array> {
    const out = new Uint8Array(count);
    for (let at = 0; at < count;) {
      const piece = await this.next(count - at);
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }

  /** To the end, so that the checksum of the compression is looked at. */
  async drain(): Promise<void> {
    this.#rest = new Uint8Array(0);
    while (!(await this.#source.next()).done);
  }
}
