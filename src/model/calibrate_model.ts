import { unknownName } from "../_internal/check_options.ts";
import { ENSEMBLE } from "../stages/stage.ts";
import type { HybridModel } from "./hybrid_model.ts";

/**
 * The same model, whose `predict()` divides the logits of a head or of `ensemble` by a temperature
 * before the softmax (Guo et al., arXiv:1706.04599). The predicted class stays; weights are shared.
 * The temperatures are saved with the model; `fitTemperature()` of the metrics finds them.
 *
 * @param temperatures by head or `ensemble`; those left out stay as they are
 * @throws {TypeError} for a name that is no output
 * @throws {RangeError} for a temperature that is not finite and above 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { calibrateModel, hybridModel } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "wasm" });
 * const model = hybridModel({ classes: ["no", "yes"], imageSize: 16, filters: [2, 2] });
 * assert.deepEqual(calibrateModel(model, { ensemble: 1.5 }).calibration, { ensemble: 1.5 });
 * ```
 */
export function calibrateModel(
  model: HybridModel,
  temperatures: Readonly<Record<string, number>>,
): HybridModel {
  const outputs = [...model.heads, ENSEMBLE];
  for (const [name, temperature] of Object.entries(temperatures)) {
    if (!outputs.includes(name)) {
      throw new TypeError(unknownName("calibrateModel", "output", name, outputs));
    }
    if (!(Number.isFinite(temperature) && temperature > 0)) {
      throw new RangeError(
        `calibrateModel: temperature of ${name} must be finite and above 0, found ${temperature}; ` +
          `1 changes nothing`,
      );
    }
  }
  return { ...model, calibration: { ...model.calibration, ...temperatures } };
}
