/** How a tensor of a safetensors file is read: F16 and BF16 become 32-bit numbers. */
export type SafetensorsValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** The types of numbers that are read from safetensors files. */
export type SafetensorsDtype =
  | "F64"
  | "I64"
  | "U64"
  | "F32"
  | "I32"
  | "U32"
  | "F16"
  | "BF16"
  | "I16"
  | "U16"
  | "I8"
  | "U8"
  | "BOOL";

/** One tensor of a safetensors file. */
export interface SafetensorsTensor {
  /** The type of its numbers in the file. */
  readonly dtype: SafetensorsDtype;
  /** Its sides; none for a single number. */
  readonly shape: readonly number[];
  /** Its numbers, row by row; BOOL as 0 and 1. */
  readonly values: SafetensorsValues;
}

/** What a safetensors file holds. */
export interface Safetensors {
  /** The tensors by name, in the order of the file. */
  readonly tensors: Readonly<Record<string, SafetensorsTensor>>;
  /** Texts beside them. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Dtype {
  /** Bytes of one number in the file. */
  readonly bytes: number;
  /** Numbers from the bytes of a tensor, which start at a multiple of 8 in their buffer. */
  readonly read: (buffer: ArrayBuffer) => SafetensorsValues;
}

/** All types that are read. The format has more, of 8 bits and fewer, which nothing here computes. */
export const DTYPES: Readonly<Record<SafetensorsDtype, Dtype>> = {
  F64: { bytes: 8, read: (buffer) => new Float64Array(buffer) },
  I64: { bytes: 8, read: (buffer) => new BigInt64Array(buffer) },
  U64: { bytes: 8, read: (buffer) => new BigUint64Array(buffer) },
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  I32: { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  U32: { bytes: 4, read: (buffer) => new Uint32Array(buffer) },
  F16: { bytes: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToFloat) },
  BF16: { bytes: 2, read: brainFloats },
  I16: { bytes: 2, read: (buffer) => new Int16Array(buffer) },
  U16: { bytes: 2, read: (buffer) => new Uint16Array(buffer) },
  I8: { bytes: 1, read: (buffer) => new Int8Array(buffer) },
  U8: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
  BOOL: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
};

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32 each. */
function brainFloats(buffer: ArrayBuffer): Float32Array {
  return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
}
