/** Lowest and highest finite value; `[Infinity, -Infinity]` where there is none. */
export function extent(values: Float32Array): [low: number, high: number] {
  let low = Infinity, high = -Infinity;
  // A plain loop: this runs over every pixel, and reduce() is several times slower.
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
