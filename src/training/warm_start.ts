import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { loadHybridModel } from "../model/hybrid_files.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import { loadModel } from "../tensors/files/load_model.ts";
import { importWeights } from "../tensors/files/import_weights.ts";
import { type ImportedWeights, matchNames } from "../tensors/files/named_weights.ts";
import { CheckpointError, readCheckpoint } from "./checkpoint.ts";
import { type NamedTensor, namedWeights, readWeights, writeWeights } from "./named_tensors.ts";

/** Where the weights of a {@linkcode warmStart} come from. */
export interface WarmStartOptions {
  /** Folder of a checkpoint or of a saved model, or a safetensors file. */
  readonly path: string;
  /**
   * Whether a weight of the model that is missing there, and one there that the model lacks, are
   * errors. Shapes must fit in any case. @default {true}
   */
  readonly strict?: boolean;
}

/**
 * Puts the weights of a checkpoint, a saved model or a safetensors file into a model, by name. All
 * names and shapes are checked before anything changes.
 *
 * @returns names in the model: those that have their values from there, those that are missing
 * there, and those that the model lacks
 * @throws {TypeError} for an unknown option
 * @throws {CheckpointError} when there is nothing of the kind, or it does not fit, listing what is
 * missing, unexpected and of another shape
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { hybridModel, saveHybridModel } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * import { warmStart } from "@qsight/qsight/training";
 * await openTensors({ prefer: "cpu" });
 * const options = { classes: ["no", "yes"], imageSize: 16, filters: [2, 2] };
 * const folder = await mkdtemp(join(tmpdir(), "warm-"));
 * await saveHybridModel(hybridModel({ ...options, seed: 1 }), folder);
 * const { missing } = await warmStart(hybridModel(options), { path: folder });
 * assert.deepEqual(missing, []);
 * await rm(folder, { recursive: true });
 * ```
 */
export async function warmStart(
  model: HybridModel,
  options: WarmStartOptions,
): Promise<ImportedWeights> {
  checkOptions("warmStart", options, ["path", "strict"]);
  const { path, strict = true } = options;
  const kind = await stat(path).catch((cause) => {
    throw new CheckpointError(
      `warmStart: found nothing at "${path}"; pass the folder of a checkpoint or of a saved model, ` +
        `or a safetensors file`,
      { cause },
    );
  });
  if (kind.isFile()) {
    return await importWeights(model.network, path, { strict }).catch((cause: Error) => {
      throw new CheckpointError(`warmStart: ${cause.message}`, { cause });
    });
  }
  return assign(model, await folderWeights(path), { path, strict });
}

async function folderWeights(folder: string): Promise<readonly NamedTensor[]> {
  const has = (name: string) => access(join(folder, name)).then(() => true, () => false);
  if (await has("checkpoint.json")) return (await readCheckpoint(folder)).tensors;
  if (!await has("model.json")) {
    throw new CheckpointError(
      `warmStart: "${folder}" has neither checkpoint.json nor model.json; pass a folder such as ` +
        `trained_model/<run-id>/checkpoints/<stage>/best or trained_model/<run-id>/model`,
    );
  }
  const network = await has("model_info.json")
    ? (await loadHybridModel(folder)).network
    : await loadModel(folder);
  try {
    return await readWeights(network);
  } finally {
    network.dispose();
  }
}

function assign(
  { network }: HybridModel,
  given: readonly NamedTensor[],
  { path, strict }: { readonly path: string; readonly strict: boolean },
): ImportedWeights {
  const ours = new Map(namedWeights(network).map(({ name, variable }) => [name, variable.shape]));
  const theirs = new Map(given.map((tensor) => [tensor.name, tensor]));
  const matched = matchNames(ours, theirs);
  const { assigned, missing, unexpected } = matched;
  const shapes = assigned.filter((name) =>
    ours.get(name)!.join() !== theirs.get(name)!.shape.join()
  )
    .map((name) => `"${name}" is [${theirs.get(name)!.shape}], wanted [${ours.get(name)}]`);
  const faults = [
    ...strict && missing.length > 0 ? [`missing: ${missing.join(", ")}`] : [],
    ...strict && unexpected.length > 0 ? [`unexpected: ${unexpected.join(", ")}`] : [],
    ...shapes,
    ...assigned.length === 0 ? ["no name of it is the model's"] : [],
  ];
  if (faults.length > 0) {
    throw new CheckpointError(
      `warmStart: "${path}" does not fit the model. ${
        faults.join("; ")
      }. Nothing was changed. Build ` +
        `the model with the same options, or pass strict: false for a part of the weights`,
    );
  }
  writeWeights(network, assigned.map((name) => theirs.get(name)!));
  return matched;
}
