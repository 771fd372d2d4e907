import { checkOptions } from "../../_internal/check_options.ts";
import { loadModel } from "../../tensors/files/load_model.ts";
import { tfjs } from "../../tensors/tf.ts";
import { registerLayers } from "../layers/register_layers.ts";
import type { SavedEncoder } from "./encoder.ts";

/** Options of {@linkcode loadEncoder}. */
export type LoadEncoderOptions = Pick<SavedEncoder, "cut" | "cam">;

/**
 * Reads a tf.layers model from a folder, to be the encoder of `hybridModel()`: your own, one that
 * TensorFlow.js or its converter from Keras wrote, or the `model` folder of a run. The weights are
 * used as they are. Needs {@linkcode openTensors} first.
 *
 * @throws {Error} when the folder has no layers model
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { hybridModel, loadEncoder } from "@qsight/qsight/model";
 * import { openTensors, saveModel } from "@qsight/qsight/tensors";
 * const { tf } = await openTensors({ prefer: "cpu" });
 * const mine = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [16, 16, 3], name: "conv" }),
 *     tf.layers.flatten(),
 *     tf.layers.dense({ units: 10, activation: "softmax" }),
 *   ],
 * });
 * const folder = await mkdtemp(join(tmpdir(), "model-"));
 * await saveModel(mine, folder);
 * const encoder = await loadEncoder(folder);
 * const model = hybridModel({ classes: ["no", "yes"], encoder, normalization: "unit" });
 * assert.deepEqual(model.cam, { layer: "encoder_conv", kind: "map" });
 * ```
 */
export async function loadEncoder(
  folder: string,
  options: LoadEncoderOptions = {},
): Promise<SavedEncoder> {
  checkOptions("loadEncoder", options, ["cut", "cam"]);
  registerLayers(tfjs());
  return { name: "from_saved", model: await loadModel(folder), ...options };
}
