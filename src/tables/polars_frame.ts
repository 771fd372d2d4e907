import type { DataFrame } from "nodejs-polars";
import { loadPolars } from "./load_polars.ts";
import type { TableColumn } from "./table_columns.ts";

/** Checked columns as a Polars frame. */
export async function polarsFrame(columns: readonly TableColumn[]): Promise<DataFrame> {
  const pl = await loadPolars();
  const types = { text: pl.Utf8, integer: pl.Int64, number: pl.Float64, boolean: pl.Bool };
  const series = columns.map(({ name, type, values }) => pl.Series(name, [...values], types[type]));
  return pl.DataFrame(series);
}
