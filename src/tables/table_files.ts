import { checkOptions } from "../_internal/check_options.ts";
import { toCsv } from "../_internal/to_csv.ts";
import { PolarsError } from "./load_polars.ts";
import { type ColumnOptions, parquetOf } from "./parquet.ts";
import {
  type ColumnType,
  type TableColumn,
  tableColumns,
  type TableValue,
} from "./table_columns.ts";

/** Options of {@linkcode tableFiles}. */
export interface TableFilesOptions extends ColumnOptions {
  /** Name of the table, e.g. `confidence_table`; stands in the JSON. */
  readonly name: string;
}

/** The JSON form of a table. */
export interface TableJson {
  /** Form of this file. */
  readonly schema: "qsight.table/1";
  /** Name of the table. */
  readonly name: string;
  /** Columns in order. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** The rows; a number that was NaN or infinite is null. */
  readonly rows: readonly Readonly<Record<string, TableValue>>[];
}

/** One table in three formats that hold the same. */
export interface TableFiles {
  /** With a header; a text that a spreadsheet would run as a formula begins with an apostrophe. */
  readonly csv: string;
  /** A {@linkcode TableJson}. */
  readonly json: string;
  /** Typed columns; null where Polars cannot be loaded. */
  readonly parquet: Uint8Array | null;
  /** Why `parquet` is null; null where it is not. */
  readonly parquetReason: string | null;
}

/**
 * Rows as CSV, JSON and Parquet. All three hold the same: NaN and infinities are null (an empty cell
 * in CSV), whole numbers stay whole. What differs is that CSV has no types, and its apostrophe before
 * `=`, `+`, `-` and `@` at the beginning of a text.
 *
 * @throws {TypeError} when a column mixes types or holds something else than plain values
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tableFiles } from "@qsight/qsight/tables";
 *
 * const files = await tableFiles([{ head: "=1+1", n: 2, recall: NaN }], { name: "recall" });
 * assert.equal(files.csv, "head,n,recall\r\n'=1+1,2,\r\n");
 * assert.deepEqual(JSON.parse(files.json).rows, [{ head: "=1+1", n: 2, recall: null }]);
 * assert.equal(new TextDecoder().decode(files.parquet!.slice(0, 4)), "PAR1");
 * ```
 */
export async function tableFiles(
  rows: readonly object[],
  options: TableFilesOptions,
): Promise<TableFiles> {
  const where = "tableFiles()";
  checkOptions(where, options, ["name", "types"]);
  if (typeof options?.name !== "string" || options.name === "") {
    throw new TypeError(`${where}: found no name, wanted one like { name: "confidence_table" }`);
  }
  const columns = tableColumns(where, rows, options.types);
  const plain = rows.map((_, r) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[r]]))
  );
  const json: TableJson = {
    schema: "qsight.table/1",
    name: options.name,
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: plain,
  };
  const parquet = await parquetOf(columns).catch((error) => {
    if (error instanceof PolarsError) return error;
    throw error;
  });
  const failed = parquet instanceof PolarsError;
  return {
    csv: csvOf(columns, plain),
    json: JSON.stringify(json, null, 1) + "\n",
    parquet: failed ? null : parquet,
    parquetReason: failed ? parquet.message : null,
  };
}

/** The header is there without rows too. */
function csvOf(columns: readonly TableColumn[], rows: readonly object[]): string {
  if (rows.length > 0) return toCsv(rows);
  const csv = toCsv([Object.fromEntries(columns.map(({ name }) => [name, null]))]);
  const emptyRow = ",".repeat(Math.max(0, columns.length - 1)) + "\r\n";
  return csv.slice(0, -emptyRow.length);
}
