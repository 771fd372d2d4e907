import { checkOptions } from "../../_internal/check_options.ts";
import type { LayersModel } from "../tf.ts";
import { type LayerVariable, namedWeights } from "./named_weights.ts";
import { type SafetensorsInput, saveSafetensors } from "./save_safetensors.ts";

/** Options of {@linkcode exportWeights}. */
export interface ExportWeightsOptions {
  /** Texts that stand beside the weights. @default {{}} */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes the weights of a layers model, moving statistics included, to a safetensors file under
 * their names, such as `conv/kernel`. Shapes and order are those of TensorFlow: the kernel of a
 * convolution is [height, width, channels in, channels out].
 *
 * @throws {TypeError} for an unknown option, or a weight that is neither number nor truth value
 * @throws {Error} when two weights have one name, or the file cannot be written
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { exportWeights, loadSafetensors, openTensors } from "@qsight/qsight/tensors";
 * const { tf } = await openTensors({ prefer: "wasm" });
 * const head = tf.layers.dense({ units: 2, inputShape: [3], name: "head" });
 * const folder = await mkdtemp(join(tmpdir(), "weights-"));
 * const path = join(folder, "model.safetensors");
 * await exportWeights(tf.sequential({ layers: [head] }), path);
 * const { tensors } = await loadSafetensors(path);
 * assert.deepEqual(Object.keys(tensors), ["head/bias", "head/kernel"]);
 * assert.deepEqual(tensors["head/kernel"].shape, [3, 2]);
 * await rm(folder, { recursive: true });
 * ```
 */
export async function exportWeights(
  model: LayersModel,
  path: string,
  options: ExportWeightsOptions = {},
): Promise<void> {
  checkOptions("exportWeights", options, ["metadata"]);
  const named = Array.from(namedWeights(model, "exportWeights"));
  const tensors = await Promise.all(
    named.map(async ([name, weight]) => [name, await tensorOf(name, weight)] as const),
  );
  await saveSafetensors(path, Object.fromEntries(tensors), options);
}

async function tensorOf(name: string, weight: LayerVariable): Promise<SafetensorsInput> {
  const { dtype, shape } = weight.read();
  const values = await weight.read().data();
  if (dtype === "float32" || dtype === "int32") return { shape, values };
  if (dtype === "bool") return { dtype: "BOOL", shape, values: Uint8Array.from(values) };
  throw new TypeError(
    `exportWeights: weight "${name}" is of type ${dtype}, wanted float32, int32 or bool. ` +
      `Save the model with saveModel()`,
  );
}
