import { isObject } from "./keras_json.ts";
import { DTYPES, type SafetensorsDtype } from "./safetensors.ts";

/** The most bytes that the format allows for a header. */
export const HEADER_LIMIT = 100_000_000;

/** Bytes of the length that stands before the header. */
export const LENGTH_BYTES = 8;

/** Where a tensor stands behind the header, and what it is. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** First byte, and the one after the last. */
  readonly begin: number;
  readonly end: number;
}

/** What the header of a safetensors file says. */
export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Record<string, string>;
}

/**
 * Reads the header of a safetensors file by the rules of the format: an object in UTF-8, no name
 * twice, and tensors that cover the bytes behind it without holes or overlaps.
 *
 * @throws {Error} saying which rule is broken; the caller adds the file
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number): SafetensorsHeader {
  if (bytes[0] !== 0x7b) throw new Error(`the header does not begin with "{"`);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const json: unknown = JSON.parse(text);
  if (!isObject(json)) throw new Error("the header is no object");
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new Error(`the header has "${twice}" twice`);
  const { __metadata__: metadata = {}, ...tensors } = json;
  if (!isObject(metadata) || Object.values(metadata).some((text) => typeof text !== "string")) {
    throw new Error("__metadata__ is no object of texts");
  }
  const entries = Object.entries(tensors).map(([name, entry]) => tensorEntry(name, entry));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) {
      const fault = begin > at ? "a hole before" : "another tensor in";
      throw new Error(`there is ${fault} tensor "${name}", which begins at ${begin}, not ${at}`);
    }
    at = end;
  }
  if (at !== dataBytes) {
    throw new Error(`the header lists ${at} bytes of tensors, and ${dataBytes} follow it`);
  }
  return { entries, metadata: metadata as Record<string, string> };
}

function tensorEntry(name: string, entry: unknown): TensorEntry {
  const { dtype, shape, data_offsets } = isObject(entry) ? entry : {};
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPES, dtype)) {
    throw new Error(
      `tensor "${name}" has dtype ${JSON.stringify(dtype)}, wanted one of ` +
        `${Object.keys(DTYPES).join(", ")}`,
    );
  }
  if (!wholeNumbers(shape)) throw new Error(`tensor "${name}" has no shape of whole numbers`);
  if (!wholeNumbers(data_offsets) || data_offsets.length !== 2) {
    throw new Error(`tensor "${name}" has no data_offsets of two whole numbers`);
  }
  const [begin, end] = data_offsets;
  const { bytes } = DTYPES[dtype as SafetensorsDtype];
  const wanted = shape.reduce((product, side) => product * side, bytes);
  if (end - begin !== wanted) {
    throw new Error(
      `tensor "${name}" of ${dtype} and shape [${shape}] takes ${wanted} bytes, and its ` +
        `data_offsets [${begin}, ${end}] are ${end - begin} apart`,
    );
  }
  return { name, dtype: dtype as SafetensorsDtype, shape, begin, end };
}

function wholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** A key that stands twice in one object; JSON.parse would take the last one without a word. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  // The text is known to be JSON: strings, braces and colons are all that matters.
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, -1));
      if (open.at(-1)!.has(key)) return key;
      open.at(-1)!.add(key);
    }
  }
  return undefined;
}

/**
 * The length and the header for tensors that follow each other, filled up with spaces so that the
 * first tensor begins at a multiple of 8.
 *
 * @throws {RangeError} when it would be longer than the format allows
 */
export function formatHeader({ entries, metadata }: SafetensorsHeader): Uint8Array {
  const texts = Object.entries(metadata).sort(([a], [b]) => a < b ? -1 : 1);
  const parts = entries.map(({ name, dtype, shape, begin, end }) =>
    `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`
  );
  // Put together by hand: objects would move names that look like numbers to the front.
  const inner = texts.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
  if (inner.length > 0) parts.unshift(`"__metadata__":{${inner.join(",")}}`);
  const json = new TextEncoder().encode(`{${parts.join(",")}}`);
  const length = Math.ceil(json.byteLength / 8) * 8;
  if (length > HEADER_LIMIT) {
    throw new RangeError(
      `saveSafetensors: names and metadata take ${length} bytes, and the format allows ` +
        `${HEADER_LIMIT}. Shorten the metadata`,
    );
  }
  const header = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, LENGTH_BYTES);
  return header;
}
