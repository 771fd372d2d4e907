/** One row of numbers for each label: rows, or one flat array row by row. */
export type NumberTable = ArrayLike<number> | ArrayLike<ArrayLike<number>>;

/** A {@linkcode NumberTable} whose shape was checked. */
export interface CheckedTable {
  readonly width: number;
  at(row: number, column: number): number;
}

/** How many columns a table has, by its first row or by its length; undefined without rows. */
export function widthOf(table: NumberTable, rows: number): number | undefined {
  if (rows === 0) return undefined;
  return isFlat(table) ? table.length / rows : table[0]?.length;
}

/**
 * @param wanted columns there have to be; otherwise as many as the first row has
 * @throws {RangeError} when there is not one row of `wanted` numbers for each label
 */
export function checkTable(
  table: NumberTable,
  { where, name, rows, wanted }: { where: string; name: string; rows: number; wanted?: number },
): CheckedTable {
  const flat = isFlat(table);
  const width = wanted ?? widthOf(table, rows) ?? 0;
  const columns = wanted === undefined ? "columns" : `${wanted} columns`;
  const fix = `Pass ${name} as one row for each label, or as one flat array, row by row`;
  if (flat) {
    if (Number.isInteger(width) && table.length === rows * width) {
      return { width, at: (row, column) => table[row * width + column] };
    }
    throw new RangeError(
      `${where}: ${name} is a flat array of ${table.length} numbers, wanted ${rows} rows × ` +
        `${columns}. ${fix}`,
    );
  }
  if (table.length !== rows) {
    throw new RangeError(
      `${where}: yTrue has ${rows} rows and ${name} ${table.length}, wanted the same number. ${fix}`,
    );
  }
  for (let row = 0; row < rows; row++) {
    if (table[row]?.length === width) continue;
    throw new RangeError(
      `${where}: row ${row} of ${name} has ${
        table[row]?.length ?? "no"
      } numbers, wanted ${width} ` +
        `in each. ${fix}`,
    );
  }
  return { width, at: (row, column) => table[row][column] };
}

function isFlat(table: NumberTable): table is ArrayLike<number> {
  return table.length === 0 || typeof table[0] === "number";
}
