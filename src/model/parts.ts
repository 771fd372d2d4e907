import { ENSEMBLE } from "../stages/stage.ts";
import type { HybridModel } from "./hybrid_model.ts";

/** The classical network beside the circuit, counted and timed apart from it. */
export const BYPASS = "quantum_bypass";

/** The parts of a model in the order in which they are computed. */
export function partsOf(model: HybridModel): readonly string[] {
  const { layers } = model.network;
  const bypass = layers.some(({ name }) => name.startsWith(`${BYPASS}_`)) ? [BYPASS] : [];
  return ["encoder", "compression", ...bypass, ...model.heads, ENSEMBLE];
}
