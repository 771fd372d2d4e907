/**
 * The position (from `start`) of the largest of `length` numbers, the first one on ties; -1 when one
 * of them is NaN or there are none, so that a broken row is never taken for class 0.
 */
export function argMax(values: ArrayLike<number>, start: number, length: number): number {
  let best = -1;
  for (let i = 0; i < length; i++) {
    const value = values[start + i];
    if (Number.isNaN(value)) return -1;
    if (best === -1 || value > values[start + best]) best = i;
  }
  return best;
}

/** {@linkcode argMax} of each row of a flat table: the predicted classes. */
export function argMaxRows(values: ArrayLike<number>, columns: number): Int32Array {
  const rows = values.length / columns;
  return Int32Array.from({ length: rows }, (_, row) => argMax(values, row * columns, columns));
}
