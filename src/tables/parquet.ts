import { Buffer } from "node:buffer";
import { checkOptions } from "../_internal/check_options.ts";
import type { DataFrame } from "nodejs-polars";
import { loadPolars, type Polars } from "./load_polars.ts";
import { polarsFrame } from "./polars_frame.ts";
import {
  type ColumnType,
  type TableColumn,
  tableColumns,
  type TableValue,
} from "./table_columns.ts";

/** Options of functions that turn rows into columns. */
export interface ColumnOptions {
  /**
   * Types of columns by name. Without one a column of whole numbers is of integers, and one of nulls
   * alone is text. @default {found from the values}
   */
  readonly types?: Readonly<Record<string, ColumnType>>;
}

/**
 * Rows as a Parquet file (zstd), the same bytes for the same rows. Whole numbers are 64-bit
 * integers, other numbers 64-bit floats; NaN and infinities become null.
 *
 * @throws {TypeError} when a column mixes types or holds something else than plain values
 * @throws {PolarsError} when Polars cannot be loaded
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fromParquet, toParquet } from "@qsight/qsight/tables";
 *
 * const rows = [{ head: "quantum", n: 3, recall: 0.5 }, { head: "é", n: null, recall: NaN }];
 * const back = await fromParquet(await toParquet(rows));
 * assert.deepEqual(back, [rows[0], { head: "é", n: null, recall: null }]);
 * ```
 */
export async function toParquet(
  rows: readonly object[],
  options: ColumnOptions = {},
): Promise<Uint8Array> {
  checkOptions("toParquet()", options, ["types"]);
  return await parquetOf(tableColumns("toParquet()", rows, options.types));
}

/** Checked columns as a Parquet file. */
export async function parquetOf(columns: readonly TableColumn[]): Promise<Uint8Array> {
  const frame = await polarsFrame(columns);
  return new Uint8Array(frame.writeParquet({ compression: "zstd" }));
}

/**
 * Reads a Parquet file of plain columns: text, numbers, booleans and null.
 *
 * @throws {TypeError} when the bytes are no Parquet file, or a column holds lists, dates and the like
 * @throws {RangeError} for a whole number above 2^53 - 1, which would lose its last digits
 * @throws {PolarsError} when Polars cannot be loaded
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fromParquet, toParquet } from "@qsight/qsight/tables";
 *
 * assert.deepEqual(await fromParquet(await toParquet([{ a: 1 }, { a: 2 }])), [{ a: 1 }, { a: 2 }]);
 * await assert.rejects(() => fromParquet(Uint8Array.of(1, 2)), /no Parquet file/);
 * ```
 */
export async function fromParquet(bytes: Uint8Array): Promise<Record<string, TableValue>[]> {
  const pl = await loadPolars();
  const frame = readFrame(pl, bytes);
  const columns = frame.columns.map((name): [string, unknown[]] => [
    name,
    frame.getColumn(name).toArray(),
  ]);
  return Array.from(
    { length: frame.height },
    (_, r) =>
      Object.fromEntries(columns.map(([name, values]) => [name, readValue(values[r], name)])),
  );
}

function readFrame(pl: Polars, bytes: Uint8Array): DataFrame {
  try {
    return pl.readParquet(Buffer.from(bytes));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(
      `fromParquet(): ${bytes.length} bytes that are no Parquet file (${why}). ` +
        `Pass the whole file, e.g. await Deno.readFile("table.parquet")`,
      { cause },
    );
  }
}

function readValue(value: unknown, name: string): TableValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number") {
    throw new TypeError(
      `fromParquet(): column "${name}" holds ${value.constructor.name}, wanted text, numbers, ` +
        `booleans and null. Read it with nodejs-polars itself`,
    );
  }
  if (typeof value === "bigint" && !Number.isSafeInteger(number)) {
    throw new RangeError(
      `fromParquet(): column "${name}" holds ${value}, wanted whole numbers up to 2^53 - 1. ` +
        `Read it with nodejs-polars itself`,
    );
  }
  return number;
}
