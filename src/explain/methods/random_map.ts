import { SeededRandom } from "../../_internal/seeded_random.ts";
import { hash32 } from "../../_internal/hash32.ts";
import type { RawMap } from "../cam.ts";

/** A map that knows nothing, on the grid of a layer: what every method has to beat. */
export function randomMap(
  grid: RawMap["grid"],
  { seed, image }: { readonly seed: number; readonly image: number },
): RawMap {
  const random = new SeededRandom(hash32(`${seed}/${image}`));
  const raw = Float32Array.from({ length: grid.height * grid.width }, () => random.next());
  return { raw, grid };
}
