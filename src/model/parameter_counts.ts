import { partOf } from "../stages/parts.ts";
import type { HybridModel } from "./hybrid_model.ts";
import { ANNEALING_STATE } from "./layers/quantum_annealing.ts";
import { partsOf } from "./parts.ts";

/** Trainable parameters of one part. */
export interface ParameterCount {
  /**
   * Part of the model: encoder, compression, a head or ensemble; and `quantum_bypass`, where the
   * quantum head has a classical network beside its circuit.
   */
  readonly part: string;
  /** Weights and biases. */
  readonly classical: number;
  /** Circuit angles. */
  readonly quantum: number;
}

/** What changes without a gradient. */
const STATE: ReadonlySet<string> = new Set([
  "moving_mean",
  "moving_variance",
  ...ANNEALING_STATE,
]);

/**
 * Trainable parameters by part, circuit angles apart. Moving statistics, temperature and noise are
 * not counted; what a stage mask has frozen is.
 */
export function parameterCounts(model: HybridModel): ParameterCount[] {
  const parts = partsOf(model);
  return parts.map((part) => {
    let classical = 0, quantum = 0;
    for (const layer of model.network.layers) {
      if (partOf(layer.name, parts) !== part) continue;
      for (const { originalName, shape } of layer.weights) {
        const name = originalName.split("/").at(-1) ?? "";
        if (STATE.has(name)) continue;
        const size = (shape as number[]).reduce((product, side) => product * side, 1);
        if (name === "angles") quantum += size;
        else classical += size;
      }
    }
    return { part, classical, quantum };
  });
}
