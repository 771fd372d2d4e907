import type { io } from "@tensorflow/tfjs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { mendKeras3 } from "./mend_keras3.ts";
import { type LayersModel, tfjs } from "./tf.ts";

/** The file with the layers and the file with the numbers, as TensorFlow.js names them. */
const LAYERS_FILE = "model.json";
const WEIGHTS_FILE = "weights.bin";

/**
 * Writes a layers model to a folder as `model.json` and `weights.bin`, the format of TensorFlow.js
 * itself. Each file appears whole or not at all; `model.json`, which makes the folder a model, is
 * written last. The optimizer is not saved.
 *
 * @throws {Error} when the folder cannot be written
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { loadModel, openTensors, saveModel } from "@qsight/qsight/tensors";
 * const { tf } = await openTensors({ prefer: "wasm" });
 * const folder = await mkdtemp(join(tmpdir(), "model-"));
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
 * await saveModel(model, folder);
 * const loaded = await loadModel(folder);
 * assert.deepEqual(loaded.getWeights()[0].arraySync(), model.getWeights()[0].arraySync());
 * await rm(folder, { recursive: true });
 * ```
 */
export async function saveModel(model: LayersModel, folder: string): Promise<void> {
  let saved: io.ModelArtifacts = {};
  const modelArtifactsInfo = { dateSaved: new Date(0), modelTopologyType: "JSON" as const };
  await model.save({
    save: (artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo });
    },
  });
  const { weightSpecs = [], weightData = [], ...layers } = saved;
  await writeAtomic(join(folder, WEIGHTS_FILE), joined([weightData].flat()));
  const weightsManifest = [{ paths: [WEIGHTS_FILE], weights: weightSpecs }];
  await writeAtomic(join(folder, LAYERS_FILE), JSON.stringify({ ...layers, weightsManifest }));
}

/**
 * Reads a layers model from a folder with `model.json` and its weight files: one written by
 * {@linkcode saveModel}, by TensorFlow.js in a browser or in Node, or by its converter from Keras
 * (also Keras 3, whose input shapes are mended). Its weights live on the open backend.
 *
 * @throws {Error} when tensors are not open, a file is missing, `model.json` is not a layers model
 * or a weight file does not have the length that `model.json` says
 */
export async function loadModel(folder: string): Promise<LayersModel> {
  const tf = tfjs();
  const path = join(folder, LAYERS_FILE);
  const { weightsManifest, modelTopology, ...rest } = parseModel(path, await read(path));
  const parts: Uint8Array[] = [];
  for (const group of weightsManifest) {
    const files = await Promise.all(group.paths.map((name) => read(join(folder, name))));
    const bytes = files.reduce((sum, file) => sum + file.byteLength, 0);
    const wanted = group.weights.reduce((sum, weight) => sum + weightBytes(weight), 0);
    if (bytes !== wanted) {
      throw new Error(
        `loadModel: ${group.paths.join(", ")} in "${folder}" has ${bytes} bytes, but model.json ` +
          `lists weights of ${wanted} bytes. Copy or save the model again, both files together`,
      );
    }
    parts.push(...files);
  }
  const artifacts: io.ModelArtifacts = {
    ...rest,
    modelTopology: mendKeras3(modelTopology) as object,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: joined(parts).buffer as ArrayBuffer,
  };
  return await tf.loadLayersModel({ load: () => Promise.resolve(artifacts) });
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as { code?: string };
    const why = code === "ENOENT" ? "it does not exist" : String(error);
    throw new Error(
      `loadModel: cannot read "${path}": ${why}. Give the folder that saveModel() wrote, ` +
        `with ${LAYERS_FILE} and ${WEIGHTS_FILE}`,
      { cause: error },
    );
  }
}

function parseModel(path: string, bytes: Uint8Array): io.ModelJSON {
  let json: Partial<io.ModelJSON> | null;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(
      `loadModel: "${path}" is not JSON (${(error as Error).message}). Save the model again`,
      { cause: error },
    );
  }
  const complete = json?.modelTopology !== undefined && Array.isArray(json.weightsManifest);
  if (!complete || json?.format === "graph-model") {
    const found = complete ? "a graph model" : "JSON without modelTopology and weightsManifest";
    throw new Error(
      `loadModel: "${path}" is ${found}, wanted a layers model. ` +
        `Save it with saveModel(), or convert it with --output_format=tfjs_layers_model`,
    );
  }
  return json as io.ModelJSON;
}

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

function weightBytes({ shape, dtype, quantization }: io.WeightsManifestEntry): number {
  const size = shape.reduce((a, b) => a * b, 1);
  return size * (BYTES[quantization?.dtype ?? dtype] ?? NaN);
}

function joined(parts: readonly (ArrayBuffer | Uint8Array)[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return whole;
}
