import { printable } from "./fit_text.ts";

/** Rows of cells as aligned text: the first column to the left, numbers to the right. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, column) => Math.max(...lines.map((row) => row[column].length)));
  const numeric = header.map((_, column) =>
    rows.length > 0 && rows.every((row) => /^(-?[\d.]+( %)?( \(\d+\))?|n\/a|-|)$/.test(row[column]))
  );
  const written = lines.map((row) =>
    row.map((cell, column) =>
      numeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
    ).join("  ").trimEnd()
  );
  written.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return written.join("\n");
}
