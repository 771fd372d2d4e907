/** A value that fits into one cell. */
export type Cell = string | number | boolean | null | undefined;

/** A spreadsheet runs a cell that begins with one of these, full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * Rows as CSV (RFC 4180, CRLF, header first). A text that a spreadsheet would run as a formula gets
 * a leading apostrophe (OWASP, CSV injection); numbers stay numbers. Missing values are empty cells.
 *
 * @param table rows, or anything with `rows`, such as a confidence table
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { toCsv } from "@qsight/qsight/metrics";
 *
 * const csv = toCsv([{ label: "=1+1", margin: -0.5 }, { label: 'mild, "early"', margin: null }]);
 * assert.equal(csv, `label,margin\r\n'=1+1,-0.5\r\n"mild, ""early""",\r\n`);
 * ```
 */
export function toCsv(
  table: readonly object[] | { readonly rows: readonly object[] },
): string {
  const rows = "rows" in table ? table.rows : table;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns.map(csvCell)];
  for (const row of rows as readonly Record<string, Cell>[]) {
    lines.push(columns.map((column) => csvCell(row[column])));
  }
  return lines.map((line) => line.join(",") + "\r\n").join("");
}

function csvCell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
