import type { SeededRandom } from "../../_internal/seeded_random.ts";

/**
 * Smooth noise in [-1, 1] over the square from -2 to 2: random numbers on a grid with `cells` cells
 * per unit, blended smoothly between (value noise).
 */
export function createNoise(
  random: SeededRandom,
  cells: number,
): (x: number, y: number) => number {
  const side = 32, grid = new Float32Array(side * side);
  for (let i = 0; i < grid.length; i++) grid[i] = random.next() * 2 - 1;
  return (x, y) => {
    const u = (x + 2) * cells, v = (y + 2) * cells;
    const column = Math.floor(u), row = Math.floor(v);
    const s = smooth(u - column), t = smooth(v - row);
    const left = column & 31, right = (column + 1) & 31;
    const top = (row & 31) * side, bottom = ((row + 1) & 31) * side;
    const above = grid[top + left] + (grid[top + right] - grid[top + left]) * s;
    const below = grid[bottom + left] + (grid[bottom + right] - grid[bottom + left]) * s;
    return above + (below - above) * t;
  };
}

function smooth(part: number): number {
  return part * part * (3 - 2 * part);
}
