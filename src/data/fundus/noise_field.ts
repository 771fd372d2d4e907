import type { SeededRandom } from "../../_internal/seeded_random.ts";

/** Options of {@linkcode noiseField}. */
export interface NoiseFieldOptions {
  /** Pixels a side of the square. */
  readonly side: number;
  /** Cells of the random grid from left to right, and from top to bottom. */
  readonly across: number;
  readonly down: number;
}

/**
 * Smooth noise in [-1, 1] for every pixel of a square: random numbers on a grid, blended smoothly
 * between (value noise). Rows are blended once for all their pixels.
 */
export function noiseField(
  random: SeededRandom,
  { side, across, down }: NoiseFieldOptions,
): Float32Array {
  const width = across + 1, field = new Float32Array(side * side);
  const grid = Float32Array.from({ length: width * (down + 1) }, () => random.next() * 2 - 1);
  const columns = taps(side, across), rows = taps(side, down), line = new Float32Array(width);
  for (let y = 0; y < side; y++) {
    const top = rows.cell[y] * width, part = rows.part[y];
    for (let i = 0; i < width; i++) {
      line[i] = grid[top + i] + (grid[top + width + i] - grid[top + i]) * part;
    }
    for (let x = 0; x < side; x++) {
      const cell = columns.cell[x];
      field[y * side + x] = line[cell] + (line[cell + 1] - line[cell]) * columns.part[x];
    }
  }
  return field;
}

/** The cell of each pixel along one side, and how far it is towards the next, eased. */
function taps(side: number, cells: number): { cell: Int32Array; part: Float32Array } {
  const cell = new Int32Array(side), part = new Float32Array(side);
  for (let i = 0; i < side; i++) {
    const position = (i + 0.5) / side * cells;
    cell[i] = Math.floor(position);
    const along = position - cell[i];
    part[i] = along * along * (3 - 2 * along);
  }
  return { cell, part };
}
