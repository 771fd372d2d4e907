import { printable } from "./printable.ts";

/** Options of {@linkcode textColumns}. */
export interface TextColumnsOptions {
  /** Whether a column stands to the right, as numbers do. @default {() => false} */
  readonly toRight?: (column: number) => boolean;
  /** A line between the header and the rows. @default {true} */
  readonly rule?: boolean;
}

/** Rows of cells as text in columns under a header, without a line break at its end. */
export function textColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { toRight = () => false, rule = true }: TextColumnsOptions = {},
): string {
  const lines = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const written = lines.map((line) =>
    line.map((cell, column) =>
      toRight(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
    ).join("  ").trimEnd()
  );
  if (rule) written.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return written.join("\n");
}
