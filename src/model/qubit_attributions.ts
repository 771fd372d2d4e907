import { checkOptions } from "../_internal/check_options.ts";
import { type UnitAttributions, unitAttributions } from "../explain/unit_attributions.ts";
import type { CamTarget } from "../explain/cam_target.ts";
import type { ImagesLike } from "../explain/image_batch.ts";
import { ENSEMBLE, type HybridModel } from "./hybrid_model.ts";

/** Options of {@linkcode qubitAttributions}. */
export interface QubitAttributionsOptions {
  /** The quantum head alone, or its part in the fused answer. @default {"quantum"} */
  readonly head?: "quantum" | "ensemble";
  /** What is explained, as in `explain()`. @default {"predicted"} */
  readonly target?: CamTarget;
  /** Images computed at a time. @default {32} */
  readonly batchSize?: number;
}

/**
 * Which compressed features feed which qubit of the quantum head, and how much that moves the
 * score: the slopes of the qubits go through the circuit's own gradient.
 *
 * @returns `values` of `[features, qubits]`; `plotQubitAttributions()` draws them
 * @throws {TypeError} for an unknown option, or a model without a quantum head
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { hybridModel, qubitAttributions } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "cpu" });
 * const options = { classes: ["a", "b"], imageSize: 16, filters: [4, 4], wires: 3 };
 * const model = hybridModel(options);
 * const image = { width: 16, height: 16, data: new Uint8Array(768).fill(90) };
 * const { features, units } = await qubitAttributions(model, [image]);
 * assert.deepEqual([features > 0, units], [true, 3]);
 * ```
 */
export async function qubitAttributions(
  model: HybridModel,
  images: ImagesLike,
  options: QubitAttributionsOptions = {},
): Promise<UnitAttributions> {
  const where = "qubitAttributions()";
  checkOptions(where, options, ["head", "target", "batchSize"]);
  const { head = "quantum" } = options;
  if (!model.heads.includes("quantum")) {
    throw new TypeError(
      `${where}: found heads ${model.heads.join(", ")}, wanted one called quantum. ` +
        `Build the model with hybridModel()`,
    );
  }
  if (head !== "quantum" && head !== ENSEMBLE) {
    throw new TypeError(
      `${where}: found head "${head}", wanted "quantum" or "${ENSEMBLE}". No other head reads qubits`,
    );
  }
  const projection = model.network.getLayer("quantum_projection");
  const [input] = projection.inboundNodes[0].inputTensors;
  const from = input.sourceLayer.name;
  return await unitAttributions(model.network, images, {
    ...options,
    head,
    from,
    to: "quantum_tanh",
  });
}
