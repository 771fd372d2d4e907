import type { io } from "@tensorflow/tfjs";
import { checkOptions } from "../../_internal/check_options.ts";
import { joinBytes } from "../../_internal/join_bytes.ts";
import type { GraphModel, LayersModel } from "../tf.ts";
import { shardWeights } from "./shard_weights.ts";
import { writeModelFolder } from "./write_model_folder.ts";

/** Options of {@linkcode saveModel}. */
export interface SaveModelOptions {
  /**
   * The most bytes in one weight file. Weights that fit stand in `weights.bin`, others in
   * `group1-shard1of3.bin` and so on, as the converter of TensorFlow.js names them.
   *
   * @default {4194304}
   */
  readonly shardBytes?: number;
}

const DEFAULT_SHARD_BYTES = 4 * 1024 * 1024;

/**
 * Writes a layers model or a graph model to a folder in the format of TensorFlow.js itself:
 * `model.json` and its weight files. The optimizer is not saved; user-defined metadata is.
 *
 * Whatever stops it, the folder holds the old model or the new one: every file appears whole or not
 * at all, `model.json` is written after the weights that it lists, and it lists their SHA-256, which
 * {@linkcode loadModel} checks. Weight files of the model that stood there before are removed.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} when `shardBytes` is not a whole number from 1, or Infinity
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
export async function saveModel(
  model: LayersModel | GraphModel,
  folder: string,
  options: SaveModelOptions = {},
): Promise<void> {
  checkOptions("saveModel", options, ["shardBytes"]);
  const { shardBytes = DEFAULT_SHARD_BYTES } = options;
  if (shardBytes !== Infinity && !(Number.isSafeInteger(shardBytes) && shardBytes >= 1)) {
    throw new RangeError(
      `saveModel: shardBytes is ${shardBytes}, wanted a whole number from 1, or Infinity. ` +
        `Leave it out for ${DEFAULT_SHARD_BYTES}`,
    );
  }
  const artifacts = await artifactsOf(model);
  const { weightSpecs = [] } = artifacts;
  const files = shardWeights(await weightBytes(artifacts), shardBytes);
  await writeModelFolder(folder, { described: described(artifacts), weightSpecs, files });
}

/** What the model itself would hand to a save handler. */
async function artifactsOf(model: LayersModel | GraphModel): Promise<io.ModelArtifacts> {
  let saved: io.ModelArtifacts = {};
  const modelArtifactsInfo = { dateSaved: new Date(0), modelTopologyType: "JSON" as const };
  await model.save({
    save: (artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo });
    },
  });
  return saved;
}

/** A graph model that was streamed in keeps no bytes, but how to stream them again. */
async function weightBytes(
  { weightData, getWeightStream }: io.ModelArtifacts,
): Promise<Uint8Array> {
  if (weightData !== undefined || getWeightStream === undefined) {
    return joinBytes([weightData ?? []].flat());
  }
  const parts: ArrayBuffer[] = [];
  const reader = getWeightStream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
  }
  return joinBytes(parts);
}

/** The parts of model.json beside the weights. A training configuration belongs to an optimizer. */
function described(artifacts: io.ModelArtifacts): Record<string, unknown> {
  const { modelTopology, format, generatedBy, convertedBy, signature } = artifacts;
  const { userDefinedMetadata, modelInitializer, initializerSignature } = artifacts;
  return {
    modelTopology,
    format: format ?? "graph-model",
    generatedBy,
    convertedBy,
    signature,
    userDefinedMetadata,
    modelInitializer,
    initializerSignature,
  };
}
