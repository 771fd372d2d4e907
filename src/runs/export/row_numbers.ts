import { type MetricsRow, ROW_KEYS } from "../metrics_rows.ts";

/** The metrics of a row by name. NaN and infinities, which JSON cannot hold, are read back from its note. */
export function rowNumbers(row: MetricsRow): Record<string, number> {
  const numbers: Record<string, number> = {};
  const notes = (row as { readonly nonFinite?: unknown }).nonFinite as Record<string, string> ?? {};
  for (const [name, value] of Object.entries(row)) {
    if (ROW_KEYS.includes(name)) continue;
    if (typeof value === "number") numbers[name] = value;
    const note = value === null ? notes[`/${name}`] : undefined;
    if (note !== undefined) numbers[name] = Number(note);
  }
  return numbers;
}
