import { checkOptions } from "../../_internal/check_options.ts";
import { joinBytes } from "../../_internal/join_bytes.ts";
import { writeAtomic } from "../../_internal/write_atomic.ts";
import { DTYPES, type SafetensorsDtype, type SafetensorsValues } from "./safetensors.ts";
import { formatHeader, type TensorEntry } from "./safetensors_header.ts";

/** A tensor to write. */
export interface SafetensorsInput {
  /**
   * The type of its numbers in the file. Only BOOL, for a `Uint8Array` of 0 and 1, has to be said;
   * F16 and BF16 are read, not written.
   *
   * @default {the type of the array: F32 for a Float32Array, and so on}
   */
  readonly dtype?: SafetensorsDtype;
  /** Its sides; none for a single number. */
  readonly shape: readonly number[];
  /** Its numbers, row by row. */
  readonly values: SafetensorsValues;
}

/** Options of {@linkcode saveSafetensors}. */
export interface SaveSafetensorsOptions {
  /** Texts that stand beside the tensors. @default {{}} */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes tensors to a safetensors file, whole or not at all. The same tensors give the same bytes in
 * whatever order they come: wide types stand first, so that every tensor is aligned, and names are
 * sorted within a type.
 *
 * @throws {TypeError} for an unknown option, and for values or metadata that the format cannot hold
 * @throws {RangeError} when a shape does not fit the number of values
 * @throws {Error} when the file cannot be written
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, readFile, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { saveSafetensors } from "@qsight/qsight/tensors";
 * const folder = await mkdtemp(join(tmpdir(), "weights-"));
 * const one = { shape: [1], values: Float32Array.of(1) };
 * const path = join(folder, "two.safetensors");
 * await saveSafetensors(path, { a: one, b: { shape: [], values: BigInt64Array.of(7n) } });
 * const text = (await readFile(path)).subarray(8).toString("latin1");
 * assert.ok(text.startsWith('{"b":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"a":'));
 * await rm(folder, { recursive: true });
 * ```
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, SafetensorsInput>>,
  options: SaveSafetensorsOptions = {},
): Promise<void> {
  checkOptions("saveSafetensors", options, ["metadata"]);
  const { metadata = {} } = options;
  for (const [key, text] of Object.entries(metadata)) {
    if (typeof text === "string") continue;
    throw new TypeError(
      `saveSafetensors: metadata "${key}" is of type ${typeof text}, wanted a text. ` +
        `Use JSON.stringify() on it`,
    );
  }
  const checked = Object.entries(tensors).map(([name, tensor]) => ({
    name,
    ...tensor,
    dtype: checkedDtype(name, tensor),
  }));
  const width = (dtype: SafetensorsDtype) => DTYPES[dtype].bytes;
  checked.sort((a, b) =>
    width(b.dtype) - width(a.dtype) || compare(a.dtype, b.dtype) || compare(a.name, b.name)
  );
  let at = 0;
  const entries = checked.map(({ name, dtype, shape, values }): TensorEntry => {
    const begin = at;
    at += values.byteLength;
    return { name, dtype, shape, begin, end: at };
  });
  const parts = checked.map(({ values }) =>
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  );
  await writeAtomic(path, joinBytes([formatHeader({ entries, metadata }), ...parts]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const DTYPE_OF: Readonly<Record<string, SafetensorsDtype>> = {
  Float64Array: "F64",
  Float32Array: "F32",
  BigInt64Array: "I64",
  BigUint64Array: "U64",
  Int32Array: "I32",
  Uint32Array: "U32",
  Int16Array: "I16",
  Uint16Array: "U16",
  Int8Array: "I8",
  Uint8Array: "U8",
};

function checkedDtype(name: string, { dtype, shape, values }: SafetensorsInput): SafetensorsDtype {
  if (name === "__metadata__") {
    throw new TypeError(`saveSafetensors: "__metadata__" is no name for a tensor. Rename it`);
  }
  const kind = Object.prototype.toString.call(values).slice(8, -1);
  const natural = DTYPE_OF[kind];
  if (natural === undefined) {
    throw new TypeError(
      `saveSafetensors: tensor "${name}" has values in ${kind}, wanted one of ` +
        `${Object.keys(DTYPE_OF).join(", ")}`,
    );
  }
  const written = dtype ?? natural;
  const bool = written === "BOOL" && kind === "Uint8Array" &&
    (values as Uint8Array).every((value) => value <= 1);
  if (written !== natural && !bool) {
    throw new TypeError(
      `saveSafetensors: tensor "${name}" in ${kind} cannot be written as ${written}. Leave out ` +
        `dtype to write it as ${natural}; BOOL takes a Uint8Array of 0 and 1`,
    );
  }
  const whole = shape.every((side) => Number.isSafeInteger(side) && side >= 0);
  const size = shape.reduce((product, side) => product * side, 1);
  if (!whole || size !== values.length) {
    throw new RangeError(
      `saveSafetensors: tensor "${name}" has shape [${shape}] and ${values.length} values, ` +
        `wanted a shape of whole numbers whose product is that`,
    );
  }
  return written;
}
