import { DataError } from "../data_error.ts";

/** Numbers of an npy array; 64-bit integers become doubles. */
export type NpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** An array as numpy wrote it. */
export interface NpyArray {
  /** numpy's name of the type, e.g. `"|u1"` or `"<f4"`. */
  readonly dtype: string;
  /** Sides, slowest index first; empty for a single number. */
  readonly shape: readonly number[];
  /** In C order: the last index moves fastest. */
  readonly data: NpyData;
}

/** Bytes an item and how a copied buffer becomes numbers. */
const TYPES: Readonly<Record<string, readonly [number, (buffer: ArrayBuffer) => NpyData]>> = {
  "|u1": [1, (buffer) => new Uint8Array(buffer)],
  "|b1": [1, (buffer) => new Uint8Array(buffer)],
  "|i1": [1, (buffer) => new Int8Array(buffer)],
  "<u2": [2, (buffer) => new Uint16Array(buffer)],
  "<i2": [2, (buffer) => new Int16Array(buffer)],
  "<u4": [4, (buffer) => new Uint32Array(buffer)],
  "<i4": [4, (buffer) => new Int32Array(buffer)],
  "<f4": [4, (buffer) => new Float32Array(buffer)],
  "<f8": [8, (buffer) => new Float64Array(buffer)],
  "<i8": [8, (buffer) => Float64Array.from(new BigInt64Array(buffer), Number)],
  "<u8": [8, (buffer) => Float64Array.from(new BigUint64Array(buffer), Number)],
};

/** What the header of an array says. */
interface NpyFacts {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly start: number;
  readonly view: (buffer: ArrayBuffer) => NpyData;
}

/** What errors call the array. */
interface NpyName {
  readonly path: string;
  readonly member: string;
}

/**
 * Reads one npy array, versions 1 to 3. The claimed shape is held against the bytes that are there
 * before anything is allocated.
 *
 * @throws {DataError} when the header is damaged, the type is not a plain little-endian number, the
 * order is Fortran's, or the size does not fit the shape
 */
export function parseNpy(bytes: Uint8Array, name: NpyName): NpyArray {
  const { dtype, shape, start, view } = checkNpy(bytes, bytes.length, name);
  // A copy, as the bytes may be a Buffer, whose slices share memory and need not be aligned.
  return { dtype, shape, data: view(new Uint8Array(bytes.subarray(start)).buffer) };
}

/**
 * Reads the header of an array and holds it against the size of the whole.
 *
 * @param head at least the header
 * @param size bytes of header and numbers
 * @throws {DataError} as {@linkcode parseNpy}
 */
export function checkNpy(head: Uint8Array, size: number, name: NpyName): NpyFacts {
  const fail = (found: string, fix: string): DataError =>
    new DataError(
      `${name.path}: array "${name.member}": found ${found}, wanted a plain npy array. ${fix}.`,
      { path: name.path },
    );
  const again = "Save the array again with numpy.savez_compressed";
  const { header, start } = readHeader(head, fail);
  const dtype = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1] ?? "a structured type";
  const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (type === undefined) {
    const known = Object.keys(TYPES).join(" ");
    throw fail(`type ${dtype}`, `Convert it with .astype(); these types are read: ${known}`);
  }
  const shape = readShape(header);
  if (shape === undefined) throw fail(`a damaged header "${header.slice(0, 80)}"`, again);
  if (/'fortran_order'\s*:\s*True/.test(header) && shape.length > 1) {
    throw fail("columns first (Fortran order)", "Save numpy.ascontiguousarray(array)");
  }
  const [itemSize, view] = type;
  const wanted = shape.reduce((product, side) => product * side, itemSize);
  if (wanted !== size - start) {
    throw fail(
      `${size - start} bytes for shape (${shape.join(", ")}) which needs ${wanted}`,
      again,
    );
  }
  return { dtype, shape, start, view };
}

function readHeader(
  bytes: Uint8Array,
  fail: (found: string, fix: string) => DataError,
): { header: string; start: number } {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw fail("no npy header", "Save the array with numpy.savez, not as text or an object");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3) throw fail(`npy version ${version}`, "Save it with numpy 1 or 2");
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const begin = version === 1 ? 10 : 12;
  if (begin + length > bytes.length || length > 65536) {
    throw fail(`a header of ${length} bytes in ${bytes.length}`, "Copy the file again");
  }
  const header = new TextDecoder().decode(bytes.subarray(begin, begin + length));
  return { header, start: begin + length };
}

/** The shape, or undefined when it is damaged or has an absurd number of axes. */
function readShape(header: string): number[] | undefined {
  const text = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (text === undefined) return undefined;
  const parts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  if (parts.length > 32 || !parts.every((part) => /^\d{1,15}$/.test(part))) return undefined;
  return parts.map(Number);
}
