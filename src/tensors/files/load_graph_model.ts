import { type GraphModel, tfjs } from "../tf.ts";
import { readArtifacts } from "./read_artifacts.ts";

/**
 * Reads a graph model, as the converter of TensorFlow.js makes them from a TensorFlow SavedModel,
 * from a folder with `model.json` and its weight files. It predicts; it cannot be trained. Saved
 * again with {@linkcode saveModel} it keeps its graph, its signature and its quantized weights.
 *
 * @throws {Error} when tensors are not open, a file is missing, `model.json` is not a graph model,
 * or a weight file does not have the length or the SHA-256 that `model.json` says
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadGraphModel, openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "wasm" });
 * await assert.rejects(loadGraphModel("no/such/folder"), /model\.json.*does not exist/s);
 * ```
 */
export async function loadGraphModel(folder: string): Promise<GraphModel> {
  const tf = tfjs();
  const wanted = { where: "loadGraphModel", format: "graph-model" } as const;
  const artifacts = await readArtifacts(folder, wanted);
  return await tf.loadGraphModel({ load: () => Promise.resolve(artifacts) });
}
