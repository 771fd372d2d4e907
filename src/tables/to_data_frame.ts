import type { DataFrame } from "nodejs-polars";
import { checkOptions } from "../_internal/check_options.ts";
import type { ColumnOptions } from "./parquet.ts";
import { polarsFrame } from "./polars_frame.ts";
import { tableColumns } from "./table_columns.ts";

/**
 * Rows as a Polars data frame: the last value of a notebook cell shows itself as a table, and it can
 * be filtered, grouped and joined.
 *
 * @throws {TypeError} when a column mixes types or holds something else than plain values
 * @throws {PolarsError} when Polars cannot be loaded
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { toDataFrame } from "@qsight/qsight/tables";
 *
 * const frame = await toDataFrame([{ head: "a", recall: 0.5 }, { head: "b", recall: 1 }]);
 * assert.deepEqual(frame.columns, ["head", "recall"]);
 * assert.equal(frame.height, 2);
 * ```
 */
export async function toDataFrame(
  rows: readonly object[],
  options: ColumnOptions = {},
): Promise<DataFrame> {
  checkOptions("toDataFrame()", options, ["types"]);
  return await polarsFrame(tableColumns("toDataFrame()", rows, options.types));
}
