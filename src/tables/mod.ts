/**
 * Rows of plain records as CSV, JSON and Parquet, and as a Polars data frame that a notebook shows.
 * The only room that knows Polars, which is loaded at the first call that needs it.
 *
 * @module
 */
export { PolarsError } from "./load_polars.ts";
export { type ColumnOptions, fromParquet, toParquet } from "./parquet.ts";
export type { ColumnType, TableRow, TableValue } from "./table_columns.ts";
export {
  type TableFiles,
  tableFiles,
  type TableFilesOptions,
  type TableJson,
} from "./table_files.ts";
export { toDataFrame } from "./to_data_frame.ts";
export type { DataFrame } from "nodejs-polars";
