import { printable } from "../_internal/printable.ts";
import { textColumns } from "../_internal/text_columns.ts";

const NUMBER = /^(-?[\d.]+( %)?( \(\d+\))?|n\/a|-|)$/;

/** Rows of cells as aligned text: the first column to the left, numbers to the right. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = header.map((_, column) =>
    rows.length > 0 && rows.every((row) => NUMBER.test(printable(row[column])))
  );
  return textColumns(header, rows, { toRight: (column) => numeric[column] });
}
