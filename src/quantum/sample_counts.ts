import type { SeededRandom } from "../_internal/seeded_random.ts";

/**
 * Draws basis states: how often each came. The same generator gives the same counts everywhere.
 *
 * @param probabilities one per basis state; they need not sum to exactly 1
 */
export function sampleCounts(
  probabilities: ArrayLike<number>,
  shots: number,
  random: SeededRandom,
): Uint32Array {
  const count = probabilities.length;
  const cumulative = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) cumulative[i] = total += Math.max(0, probabilities[i]);
  const counts = new Uint32Array(count);
  for (let shot = 0; shot < shots; shot++) {
    const draw = random.next() * total;
    // The first state whose cumulative probability exceeds the draw.
    let low = 0, high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > draw) high = middle;
      else low = middle + 1;
    }
    counts[low]++;
  }
  return counts;
}
