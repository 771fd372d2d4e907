import type { Run } from "../runs/run.ts";
import type { ColumnType } from "../tables/table_columns.ts";
import { tableFiles } from "../tables/table_files.ts";

/** What {@linkcode saveTable} writes. */
export interface SavedTable {
  readonly rows: readonly object[];
  /** Types of the columns, so that the tables of all epochs have one schema. */
  readonly types: Readonly<Record<string, ColumnType>>;
  /** Whether a figure has taken the name for its JSON, which holds the rows already. @default {false} */
  readonly withoutJson?: boolean;
}

/** Columns that every row of a training begins with. */
const PLACE = { stage: "text", epoch: "integer", head: "text" } as const;

/** Columns of {@linkcode confidenceTable}, after {@linkcode PLACE}. */
export const CONFIDENCE_TYPES = {
  ...PLACE,
  class: "integer",
  label: "text",
  count: "integer",
  meanTrueProbability: "number",
  meanMargin: "number",
  meanEntropy: "number",
  recall: "number",
  invalid: "integer",
  flag: "text",
} as const;

/** Columns of {@linkcode classMetricsTable}, after {@linkcode PLACE}. */
export const CLASS_METRICS_TYPES = {
  ...PLACE,
  class: "integer",
  label: "text",
  support: "integer",
  predicted: "integer",
  predictedShare: "number",
  precision: "number",
  recall: "number",
  f1: "number",
  specificity: "number",
  invalid: "integer",
} as const;

/**
 * Writes `<path>.csv`, `.json` and `.parquet`. Each row says whether the images are made up. Without
 * Polars there is no Parquet, and the JSON says why.
 */
export async function saveTable(run: Run, path: string, table: SavedTable): Promise<void> {
  const { synthetic } = run;
  const types = { ...table.types, synthetic: "boolean" as const };
  const given = table.rows.map((row): Record<string, unknown> => ({ ...row, synthetic }));
  const present = (name: string) => given.some((row) => Object.hasOwn(row, name));
  const first = Object.keys(types).filter(present);
  // Rows that come back from a JSON file have their keys sorted; columns keep their order.
  const rows = given.map((row) => ({
    ...Object.fromEntries(first.map((name) => [name, row[name]])),
    ...row,
  }));
  const known = rows.length === 0
    ? types
    : Object.fromEntries(Object.entries(types).filter(([name]) => present(name)));
  const name = path.split("/").at(-1) ?? path;
  const { csv, json, parquet, parquetReason } = await tableFiles(rows, { name, types: known });
  await run.save(`${path}.csv`, csv);
  if (!table.withoutJson) {
    await run.saveJson(`${path}.json`, { ...JSON.parse(json), synthetic, parquetReason });
  }
  if (parquet !== null) await run.save(`${path}.parquet`, parquet);
}
