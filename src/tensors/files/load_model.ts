import { join } from "node:path";
import { type LayersModel, tfjs } from "../tf.ts";
import { registerKeepSides } from "./keep_sides.ts";
import { mendKeras } from "./mend_keras.ts";
import { mendWeightNames } from "./mend_weight_names.ts";
import { MODEL_FILE } from "./model_folder.ts";
import { readArtifacts } from "./read_artifacts.ts";

/**
 * Reads a layers model from a folder with `model.json` and its weight files: one written by
 * {@linkcode saveModel}, by TensorFlow.js in a browser or in Node, or by its converter from Keras,
 * also with weights quantized to 8 or 16 bits. What Keras 3 writes differently is mended. Its
 * weights live on the open backend.
 *
 * @throws {Error} when tensors are not open, a file is missing, `model.json` is not a layers model,
 * a weight file does not have the length or the SHA-256 that `model.json` says, or TensorFlow.js
 * has no such layer
 */
export async function loadModel(folder: string): Promise<LayersModel> {
  const tf = tfjs();
  const artifacts = await readArtifacts(folder, { where: "loadModel", format: "layers-model" });
  const path = join(folder, MODEL_FILE);
  const modelTopology = mendKeras(artifacts.modelTopology as object, path);
  const weightSpecs = mendWeightNames(artifacts.weightSpecs ?? [], modelTopology);
  registerKeepSides(tf);
  const mended = { ...artifacts, modelTopology, weightSpecs };
  try {
    return await tf.loadLayersModel({ load: () => Promise.resolve(mended) });
  } catch (error) {
    throw new Error(
      `loadModel: TensorFlow.js cannot build the model of "${path}": ${(error as Error).message} ` +
        `If it has a layer that TensorFlow.js does not know, register it with ` +
        `tf.serialization.registerClass(), or convert the original with ` +
        `--output_format=tfjs_graph_model and use loadGraphModel()`,
      { cause: error },
    );
  }
}
