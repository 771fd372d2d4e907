import type { HybridModel } from "./hybrid_model.ts";

/** Trainable parameters of one part. */
export interface ParameterCount {
  /** Part of the model: encoder, compression, a head or ensemble. */
  readonly part: string;
  /** Weights and biases. */
  readonly classical: number;
  /** Circuit angles. */
  readonly quantum: number;
}

/** Trainable parameters by part, circuit angles apart; moving statistics are not counted. */
export function parameterCounts(model: HybridModel): ParameterCount[] {
  const parts = ["encoder", "compression", ...model.heads, "ensemble"];
  return parts.map((part) => {
    let classical = 0, quantum = 0;
    for (const layer of model.network.layers) {
      if (layer.name !== part && !layer.name.startsWith(`${part}_`)) continue;
      // A stage mask may have frozen the layer; what can be trained at all is counted.
      const moving = new Set(["moving_mean", "moving_variance"]);
      for (const { originalName, shape } of layer.weights) {
        const name = originalName.split("/").at(-1) ?? "";
        if (moving.has(name)) continue;
        const size = (shape as number[]).reduce((product, side) => product * side, 1);
        if (name === "angles") quantum += size;
        else classical += size;
      }
    }
    return { part, classical, quantum };
  });
}
