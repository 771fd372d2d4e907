import type { io } from "@tensorflow/tfjs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { joinBytes } from "../../_internal/join_bytes.ts";
import { sha256 } from "../../_internal/sha256.ts";
import { MODEL_FILE, type ModelFile } from "./model_folder.ts";
import { weightBytes } from "./weight_bytes.ts";

/** Which of the two kinds of models is wanted, and who asks. */
export interface Wanted {
  /** The function that the user called, for messages. */
  readonly where: string;
  /** The kind, as model.json names it. */
  readonly format: "layers-model" | "graph-model";
}

/**
 * Reads model.json and its weight files as TensorFlow.js wants them handed over.
 *
 * @throws {Error} when a file is missing, model.json is not of the wanted kind, or a weight file
 * has another length or another checksum than model.json says
 */
export async function readArtifacts(folder: string, wanted: Wanted): Promise<io.ModelArtifacts> {
  const { where } = wanted;
  const path = join(folder, MODEL_FILE);
  const json = parseModel(path, await read(path, where), wanted);
  const { weightsManifest, weightsSha256 = {}, ...rest } = json;
  const parts: Uint8Array[] = [];
  for (const { paths, weights } of weightsManifest) {
    const files = await Promise.all(paths.map((name) => read(join(folder, name), where)));
    const data = joinBytes(files);
    const listed = weightBytes(weights, data);
    if (data.byteLength !== listed) {
      throw new Error(
        `${where}: ${paths.join(", ")} in "${folder}" has ${data.byteLength} bytes, but ` +
          `${MODEL_FILE} lists weights of ${listed} bytes. Copy or save the model again, all ` +
          `files together`,
      );
    }
    files.forEach((bytes, i) => {
      const sum = weightsSha256[paths[i]];
      const found = sum === undefined ? undefined : sha256(bytes);
      if (sum === found) return;
      throw new Error(
        `${where}: "${join(folder, paths[i])}" has SHA-256 ${found}, but ${MODEL_FILE} lists ` +
          `${sum}: the file is damaged or belongs to another model. Copy or save the model ` +
          `again, all files together`,
      );
    });
    parts.push(data);
  }
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  return { ...rest, weightSpecs, weightData: joinBytes(parts).buffer };
}

async function read(path: string, where: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as { code?: string };
    const why = code === "ENOENT" ? "it does not exist" : String(error);
    throw new Error(
      `${where}: cannot read "${path}": ${why}. Give the folder that saveModel() or the ` +
        `converter of TensorFlow.js wrote, with ${MODEL_FILE} and all weight files`,
      { cause: error },
    );
  }
}

function parseModel(path: string, bytes: Uint8Array, { where, format }: Wanted): ModelFile {
  let json: Partial<ModelFile> | null;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(
      `${where}: "${path}" is not JSON (${(error as Error).message}). Save the model again`,
      { cause: error },
    );
  }
  const complete = typeof json?.modelTopology === "object" && json.modelTopology !== null &&
    Array.isArray(json.weightsManifest);
  // Graph models of old converters do not say what they are, but have the nodes of a graph.
  const graph = complete && (json?.format === "graph-model" || "node" in json!.modelTopology!);
  if (complete && graph === (format === "graph-model")) return json as ModelFile;
  const found = !complete
    ? "JSON without modelTopology and weightsManifest"
    : graph
    ? "a graph model"
    : "a layers model";
  const other = complete ? ` load it with ${graph ? "loadGraphModel" : "loadModel"}(), or` : "";
  throw new Error(
    `${where}: "${path}" is ${found}, wanted a ${format.replace("-", " ")}. To mend it,${other} ` +
      `convert the original with --output_format=tfjs_${format.replace("-", "_")}`,
  );
}
