import { constants, inflateRawSync } from "node:zlib";
import { DataError } from "../data_error.ts";
import { crc32 } from "./crc32.ts";

/** One member of a ZIP archive; nothing is unpacked until `read` is called. */
export interface ZipMember {
  readonly name: string;
  /** Claimed size in bytes when unpacked; checked by `read`. */
  readonly size: number;
  /**
   * The first bytes, unpacked from at most 4096 packed ones and not checked: what the rest claims to
   * be can be refused before it is unpacked.
   * @throws {DataError} when they are damaged
   */
  head(): Uint8Array;
  /** Unpacks and checks the member. @throws {DataError} when it is damaged or larger than claimed */
  read(): Uint8Array;
}

/** What every function here needs to know about the file. */
interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly path: string;
  /** Largest member that is unpacked. */
  readonly maxBytes: number;
}

/** A row of the central directory. */
interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Deflate cannot pack tighter than this (zlib's own figure); a larger claim is a lie. */
const MAX_RATIO = 1032;

/**
 * Above so many bytes, photographs are never packed tighter than so many times: a file that claims it
 * is a zip bomb. Masks and labels are, and are small.
 */
const LARGE = 2 ** 26, PLAUSIBLE_RATIO = 200;

/** Packed bytes that the head is unpacked from. */
const HEAD = 4096;

/**
 * Lists the members of a ZIP archive. Sizes are claims of an untrusted file: each is held against the
 * bytes that are there before anything is allocated.
 *
 * @throws {DataError} when the bytes are no ZIP archive, are cut short, or use ZIP64 or encryption
 */
export function readZip(
  bytes: Uint8Array,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): Map<string, ZipMember> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const source = { bytes, view, path, maxBytes };
  const members = new Map<string, ZipMember>();
  for (const entry of readDirectory(source)) {
    const { name, size } = entry;
    members.set(name, {
      name,
      size,
      head: () => unpackHead(source, entry),
      read: () => unpack(source, entry),
    });
  }
  return members;
}

function readDirectory(source: Source): Entry[] {
  const { bytes, view } = source;
  const end = findEnd(source);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const last = at + view.getUint32(end + 12, true);
  if (count === 0xffff || at === 0xffffffff) {
    throw broken(source, "a ZIP64 archive", "Save it again without ZIP64, in files below 4 GB");
  }
  if (last > end) throw broken(source, "a directory beyond the end of the file");
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > last || view.getUint32(at, true) !== 0x02014b50) {
      throw broken(source, `a damaged directory at entry ${i + 1} of ${count}`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const rest = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at + 46 + nameLength + rest > last) {
      throw broken(source, `a directory cut short at entry ${i + 1} of ${count}`);
    }
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + rest;
  }
  return entries;
}

/** The end record lies in the last 22 bytes, before a comment of at most 65535. */
function findEnd(source: Source): number {
  const { bytes, view } = source;
  const lowest = Math.max(0, bytes.length - 22 - 0xffff);
  for (let at = bytes.length - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  const zip = bytes.length > 3 && view.getUint32(0, true) === 0x04034b50;
  if (zip) throw broken(source, "the beginning of a ZIP archive without its end");
  const start = new TextDecoder().decode(bytes.subarray(0, 24)).replace(/[^\x20-\x7e]/g, "?");
  throw broken(
    source,
    bytes.length === 0 ? "an empty file" : `no ZIP archive but "${start}"`,
    "Check that this is the .npz file itself, not a web page or a text file of that name",
  );
}

function unpackHead(source: Source, entry: Entry): Uint8Array {
  checkEntry(source, entry);
  const { method, size } = entry;
  const packed = memberBytes(source, entry).subarray(0, HEAD);
  if (method === 0) return packed;
  return inflate(source, packed, {
    ...entry,
    size: Math.min(size, HEAD * MAX_RATIO),
    finishFlush: constants.Z_SYNC_FLUSH,
  });
}

function unpack(source: Source, entry: Entry): Uint8Array {
  checkEntry(source, entry);
  const { name, method, size } = entry;
  const content = method === 0
    ? memberBytes(source, entry)
    : inflate(source, memberBytes(source, entry), entry);
  if (content.length !== size || crc32(content) !== entry.crc) {
    throw broken(source, `member "${name}" with a wrong checksum or size`);
  }
  return content;
}

/** Refuses what cannot be read, or is not what it claims, before anything is unpacked. */
function checkEntry(source: Source, { flags, name, method, packed, size }: Entry): void {
  if (flags & 1) {
    throw broken(source, `an encrypted member "${name}"`, "Save it without a password");
  }
  if (method !== 0 && method !== 8) {
    throw broken(
      source,
      `member "${name}" packed by method ${method}`,
      "Save it with numpy.savez or numpy.savez_compressed",
    );
  }
  if (size > source.maxBytes || packed === 0xffffffff) {
    throw broken(
      source,
      `member "${name}" that claims ${size} bytes, at most ${source.maxBytes} are read`,
      "Split the data into smaller files",
    );
  }
  const most = method === 0 ? 1 : size > LARGE ? PLAUSIBLE_RATIO : MAX_RATIO;
  if (size > packed * most) {
    throw broken(
      source,
      `member "${name}" that claims ${size} bytes in ${packed} packed ones`,
      most === PLAUSIBLE_RATIO
        ? "Photographs do not pack so well; save it with numpy.savez if it is no zip bomb"
        : undefined,
    );
  }
}

function memberBytes(source: Source, { name, offset, packed }: Entry): Uint8Array {
  const { bytes, view } = source;
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== 0x04034b50) {
    throw broken(source, `no header for member "${name}" where the directory says`);
  }
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > bytes.length) throw broken(source, `member "${name}" cut short`);
  return bytes.subarray(start, start + packed);
}

function inflate(
  source: Source,
  packed: Uint8Array,
  { name, size, finishFlush }: Entry & { readonly finishFlush?: number },
): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size), finishFlush });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw broken(source, `member "${name}" that does not unpack (${reason})`, undefined, cause);
  }
}

function broken(
  { path, bytes }: Source,
  found: string,
  fix = "Copy or download the file again and compare its size and checksum with the source",
  cause?: unknown,
): DataError {
  return new DataError(
    `${path}: found ${found} (${bytes.length} bytes in all), wanted a whole .npz archive. ${fix}.`,
    { path, cause },
  );
}
