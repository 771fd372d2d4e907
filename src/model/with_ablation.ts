import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { bypassOf, findQuantumLayer, type HybridModel, quantumLayerOf } from "./hybrid_model.ts";

/** Options of {@linkcode withAblation}. */
export interface AblationOptions {
  /** What is left out: the circuit of the quantum head, or the classical bypass beside it. */
  readonly off: "circuit" | "bypass";
}

/**
 * Does work, such as an evaluation, while the circuit of the quantum head or its bypass is left out;
 * afterwards the model is as it was. Without the circuit every image sees the maximally mixed state:
 * what accuracy is left comes from elsewhere. Weights are not touched.
 *
 * @returns what the work returns
 * @throws {TypeError} for an unknown part, or a circuit or bypass that the model does not have
 * @throws {Error} while another ablation of the model is going on
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { hybridModel, predict, withAblation } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "wasm" });
 * const model = hybridModel({ classes: ["no", "yes"], imageSize: 16, filters: [2, 2] });
 * const images = [0, 255].map((grey) => ({
 *   width: 16, height: 16, data: new Uint8Array(16 * 16 * 3).fill(grey),
 * }));
 * const [a, b] = await withAblation(model, () => predict(model, images), { off: "circuit" });
 * assert.deepEqual(a.heads.quantum, b.heads.quantum);
 * ```
 */
export async function withAblation<T>(
  model: HybridModel,
  work: () => T | Promise<T>,
  options: AblationOptions,
): Promise<T> {
  checkOptions("withAblation", options, ["off"]);
  const { off } = options ?? {};
  if (off !== "circuit" && off !== "bypass") {
    throw new TypeError(unknownName("withAblation", "part", String(off), ["circuit", "bypass"]));
  }
  const circuit = off === "circuit" ? quantumLayerOf(model) : findQuantumLayer(model);
  const bypass = bypassOf(model);
  if (off === "bypass" && bypass === null) {
    throw new TypeError(
      `withAblation: the quantum head has no bypass, so its answer is the circuit's already; only ` +
        `a model built with quantumHead: { bypass: true } has one`,
    );
  }
  if (circuit?.circuitOff || bypass?.bypassOff) {
    throw new Error(
      `withAblation: another ablation of this model is going on; await it before the next`,
    );
  }
  const set = (value: boolean) => {
    if (off === "circuit") circuit!.circuitOff = value;
    else bypass!.bypassOff = value;
  };
  set(true);
  try {
    return await work();
  } finally {
    set(false);
  }
}
