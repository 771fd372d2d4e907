import { textColumns } from "../../_internal/text_columns.ts";
import { type Cell, toCsv } from "../../metrics/to_csv.ts";
import { ParameterFloat } from "../notebook/parameter_value.ts";
import type { GridResult, GridRow } from "./run_grid.ts";

/** The table of a grid in two forms. */
export interface GridTable {
  /** Aligned columns under a header. */
  readonly text: string;
  /** RFC 4180; no cell is run as a formula by a spreadsheet. */
  readonly csv: string;
}

/**
 * The results of a grid, one row for each set of parameters: parameters, status, seconds, recorded
 * values, the first line of the error, and the executed notebook.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { gridTable } from "@qsight/qsight/runner";
 *
 * const row = { parameters: { lr: 0.1 }, results: { accuracy: 0.9 }, warnings: [] };
 * const { text, csv } = gridTable({
 *   rows: [{ ...row, index: 0, status: "ok", durationMs: 1500 }],
 *   status: "ok",
 *   durationMs: 1500,
 * });
 * assert.equal(csv, "lr,status,seconds,accuracy\r\n0.1,ok,1.5,0.9\r\n");
 * assert.equal(text.split("\n")[0], " lr  status  seconds  accuracy");
 * ```
 */
export function gridTable(result: GridResult): GridTable {
  const parameters = namesOf(result.rows.map((row) => row.parameters));
  const results = namesOf(result.rows.map((row) => row.results));
  const has = (field: "error" | "path") => result.rows.some((row) => row[field] !== undefined);
  // A value recorded under the name of another column must not replace it.
  const taken = new Set([...parameters, "status", "seconds", "error", "notebook"]);
  const columns: readonly (readonly [string, (row: GridRow) => unknown])[] = [
    ...parameters.map((name) => [name, (row: GridRow) => row.parameters[name]] as const),
    ["status", (row) => row.status],
    ["seconds", (row) => Math.round(row.durationMs / 100) / 10],
    ...results.map((name) =>
      [taken.has(name) ? `${name} (result)` : name, (row: GridRow) => row.results[name]] as const
    ),
    ...(has("error") ? [["error", errorLine] as const] : []),
    ...(has("path") ? [["notebook", (row: GridRow) => row.path] as const] : []),
  ];
  const rows = result.rows.map((row) => columns.map(([, value]) => cellOf(value(row))));
  const header = columns.map(([name]) => name);
  const csvRows = rows.map((cells) =>
    Object.fromEntries(cells.map((cell, i) => [header[i], cell]))
  );
  return { text: aligned(header, rows), csv: toCsv(csvRows) };
}

function namesOf(sets: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(sets.flatMap((set) => Object.keys(set)))];
}

function errorLine({ error }: GridRow): string | undefined {
  return error?.message.split("\n")[0];
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return value;
  if (value instanceof ParameterFloat) return value.value;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return JSON.stringify(value);
}

function aligned(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map((cell) => String(cell ?? "")));
  return textColumns(header, texts, {
    toRight: (column) => rows.every((row) => typeof row[column] !== "string"),
  });
}
