import { ArchiveError } from "./archive_error.ts";

/** Everything in a tar file comes in blocks of this size. */
export const BLOCK = 512;

/** Largest size that eleven octal digits hold. */
const MOST_OCTAL = 8 ** 11 - 1;

/** A file in an archive. */
export interface TarEntry {
  /** With `/`. */
  readonly path: string;
  readonly bytes: number;
}

/** What a header says. */
export interface TarHeader extends TarEntry {
  /** `"0"` a file, `"5"` a folder, `"x"` attributes of the next entry, others as POSIX has them. */
  readonly type: string;
}

/**
 * The blocks before the content of a file: a ustar header, and before it a pax header where the path
 * is longer than 100 bytes, not ASCII, or the size more than 8 GiB. Owner and mode are the same for
 * all files, so that equal runs give equal bytes.
 *
 * @param entry.seconds time of the file since 1970
 */
export function tarHeader(
  { path, bytes, seconds }: TarEntry & { readonly seconds: number },
): Uint8Array {
  const pax = [
    ...isPlain(path) ? [] : [paxRecord("path", path)],
    ...bytes <= MOST_OCTAL ? [] : [paxRecord("size", String(bytes))],
  ].join("");
  const plain = { bytes: bytes <= MOST_OCTAL ? bytes : 0, seconds, type: "0" };
  if (pax === "") return ustar({ ...plain, path });
  const content = new TextEncoder().encode(pax);
  const blocks = new Uint8Array(BLOCK + padded(content.length) + BLOCK);
  blocks.set(ustar({ path: "PaxHeader", bytes: content.length, seconds, type: "x" }));
  blocks.set(content, BLOCK);
  // Only a reader that knows no pax sees this name.
  const short = path.replace(/[^\x21-\x7e]/g, "_").slice(-100);
  blocks.set(ustar({ ...plain, path: short }), BLOCK + padded(content.length));
  return blocks;
}

/** A size rounded up to whole blocks. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}

/**
 * Reads a header block; undefined for the block of zeros that ends an archive.
 *
 * @throws {ArchiveError} when it is no header
 */
export function parseHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const text = (from: number, length: number) => {
    const field = block.subarray(from, from + length);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  };
  const octal = (from: number, length: number) => {
    const digits = text(from, length).trim();
    return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : NaN;
  };
  const bytes = octal(124, 12);
  if (octal(148, 8) !== checksum(block) || !Number.isSafeInteger(bytes)) {
    throw new ArchiveError(
      "found a block that is no tar header, the archive is damaged: use a copy of it",
    );
  }
  const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
  const name = text(0, 100);
  const type = text(156, 1) || "0";
  return { path: prefix === "" ? name : `${prefix}/${name}`, bytes, type };
}

/** Path and size from the content of a pax header. */
export function parsePax(content: Uint8Array): { readonly path?: string; readonly bytes?: number } {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(32, at);
    const length = Number(new TextDecoder().decode(content.subarray(at, space)));
    if (space < 0 || !Number.isInteger(length) || length <= 0 || at + length > content.length) {
      throw new ArchiveError(
        "found a pax header that is no list of records: use a copy of the archive",
      );
    }
    const record = new TextDecoder().decode(content.subarray(space + 1, at + length - 1));
    const equals = record.indexOf("=");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  const size = records.get("size");
  return { path: records.get("path"), bytes: size === undefined ? undefined : Number(size) };
}

function isPlain(path: string): boolean {
  return path.length <= 100 && /^[\x21-\x7e]*$/.test(path);
}

/** `"<length> <key>=<value>\n"`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = new TextEncoder().encode(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length++;
  return `${length} ${key}=${value}\n`;
}

function ustar(
  { path, bytes, seconds, type }: TarHeader & { readonly seconds: number },
): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0") + "\0";
  put(0, path);
  put(100, octal(0o644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(bytes, 11));
  put(136, octal(seconds, 11));
  put(156, type);
  put(257, "ustar\0" + "00");
  put(148, checksum(block).toString(8).padStart(6, "0") + "\0 ");
  return block;
}

/** Sum of all bytes, those of the checksum itself taken as spaces. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}
