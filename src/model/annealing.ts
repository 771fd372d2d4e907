import { checkOptions } from "../_internal/check_options.ts";
import { tfjs } from "../tensors/tf.ts";
import { checkAnnealing } from "./head_options.ts";
import type { HybridModel } from "./hybrid_model.ts";
import type { Layer } from "./layers/layer_types.ts";

/** Temperature and noise of a quantum head. */
export interface Annealing {
  /** The projection is divided by it; at least 0.001. */
  readonly temperature: number;
  /** Standard deviation of what is added to it in training; at least 0. */
  readonly noise: number;
}

/**
 * Sets temperature and noise of the quantum head; what is left out stays. Both are saved with the
 * weights.
 *
 * @throws {TypeError} for an unknown option, or a model without them
 * @throws {RangeError} for a temperature below 0.001, a negative noise, or no finite number
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { annealingOf, hybridModel, setAnnealing } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "wasm" });
 * const sizes = { classes: ["no", "yes"], imageSize: 16, filters: [2, 2] };
 * const model = hybridModel({ ...sizes, quantumHead: { temperature: 2, noise: 0.25 } });
 * setAnnealing(model, { temperature: 0.5 });
 * assert.deepEqual(await annealingOf(model), { temperature: 0.5, noise: 0.25 });
 * ```
 */
export function setAnnealing(model: HybridModel, annealing: Partial<Annealing>): void {
  checkOptions("setAnnealing", annealing, ["temperature", "noise"]);
  checkAnnealing("setAnnealing", annealing);
  const layer = annealingLayer(model);
  if (layer === undefined) {
    throw new TypeError(
      `setAnnealing: the model has no temperature and noise; build it with ` +
        `hybridModel({ …, quantumHead: { temperature: 1, noise: 0 } })`,
    );
  }
  const tf = tfjs();
  const { temperature, noise } = annealing;
  [temperature, noise].forEach((value, i) => {
    if (value !== undefined) tf.tidy(() => void layer.weights[i].write(tf.tensor1d([value])));
  });
}

/** Temperature and noise of the quantum head; null for a model without them. */
export async function annealingOf(model: HybridModel): Promise<Annealing | null> {
  const layer = annealingLayer(model);
  if (layer === undefined) return null;
  const [temperature, noise] = await Promise.all(layer.weights.map((x) => x.read().data()));
  return { temperature: temperature[0], noise: noise[0] };
}

function annealingLayer(model: HybridModel): Layer | undefined {
  return model.network.layers.find((layer) => layer.getClassName() === "QuantumAnnealing");
}
