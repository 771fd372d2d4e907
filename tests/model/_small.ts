import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { type HybridModel, hybridModel } from "../../src/model/hybrid_model.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";

/** A hybrid model small enough for a test, on the wasm backend. */
export async function smallModel(seed = 0): Promise<HybridModel> {
  await openTensors({ prefer: "wasm" });
  return hybridModel({
    classes: ["none", "mild", "moderate", "severe", "proliferative"],
    imageSize: 12,
    filters: [4, 6],
    compressed: 6,
    wires: 3,
    layers: 2,
    seed,
  });
}

/** `count` images of noise in [0, 1]. */
export function noiseImages(count: number, side = 12): Float32Array {
  const random = new SeededRandom(7);
  return Float32Array.from({ length: count * side * side * 3 }, () => random.next());
}
