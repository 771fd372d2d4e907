import { checkOptions } from "../../_internal/check_options.ts";
import { type LayersModel, type Tensor, tfjs } from "../tf.ts";
import { loadSafetensors } from "./load_safetensors.ts";
import {
  type ImportedWeights,
  type LayerVariable,
  matchNames,
  namedWeights,
} from "./named_weights.ts";
import type { SafetensorsTensor } from "./safetensors.ts";

/** Options of {@linkcode importWeights}. */
export interface ImportWeightsOptions {
  /**
   * Whether a weight of the model that the file lacks, and a tensor of the file that the model
   * lacks, are errors. Shapes and types must fit in any case.
   *
   * @default {true}
   */
  readonly strict?: boolean;
  /**
   * The name in the model for a name in the file.
   *
   * @default {the same name}
   */
  readonly rename?: (name: string) => string;
}

/**
 * Puts the tensors of a safetensors file into a layers model, by name. All names, shapes and types
 * are checked before anything changes; when something does not fit, the model stays as it was. Half
 * and double precision become float32.
 *
 * @throws {TypeError} for an unknown option
 * @throws {Error} when tensors are not open, the file cannot be read, or it does not fit: the message
 * lists what is missing, unexpected, and of another shape or type
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { importWeights, openTensors, saveSafetensors } from "@qsight/qsight/tensors";
 * const { tf } = await openTensors({ prefer: "wasm" });
 * const head = tf.layers.dense({ units: 1, inputShape: [2], useBias: false, name: "head" });
 * const model = tf.sequential({ layers: [head] });
 * const folder = await mkdtemp(join(tmpdir(), "weights-"));
 * const path = join(folder, "torch.safetensors");
 * await saveSafetensors(path, { "fc.weight": { shape: [2, 1], values: Float32Array.of(3, 4) } });
 * const rename = (name: string) => name.replace("fc.weight", "head/kernel");
 * const { assigned } = await importWeights(model, path, { rename });
 * assert.deepEqual(assigned, ["head/kernel"]);
 * assert.deepEqual(head.getWeights()[0].arraySync(), [[3], [4]]);
 * await rm(folder, { recursive: true });
 * ```
 */
export async function importWeights(
  model: LayersModel,
  path: string,
  options: ImportWeightsOptions = {},
): Promise<ImportedWeights> {
  checkOptions("importWeights", options, ["strict", "rename"]);
  const { strict = true, rename = (name: string) => name } = options;
  const tf = tfjs();
  const weights = namedWeights(model, "importWeights");
  const { tensors } = await loadSafetensors(path);
  const found = new Map<string, SafetensorsTensor>();
  const faults: string[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const renamed = rename(name);
    if (found.has(renamed)) faults.push(`two tensors are renamed to "${renamed}"`);
    found.set(renamed, tensor);
  }
  const matched = matchNames(weights, found);
  const { assigned, missing, unexpected } = matched;
  if (strict && missing.length > 0) faults.push(`missing: ${someOf(missing)}`);
  if (strict && unexpected.length > 0) faults.push(`unexpected: ${someOf(unexpected)}`);
  const values = assigned.map((name) => fitted(name, found.get(name)!, weights.get(name)!));
  faults.push(...values.filter((value) => typeof value === "string"));
  if (faults.length > 0) {
    throw new Error(
      `importWeights: "${path}" does not fit the model. ${faults.slice(0, 20).join("; ")}. ` +
        `Nothing was changed. Use rename for other names, strict: false for a part of the weights`,
    );
  }
  // All tensors first: running out of memory here must not leave half a model.
  const created = tf.tidy(() =>
    assigned.map((name, i) => {
      const { shape, dtype } = weights.get(name)!.read();
      return tf.tensor(values[i] as Float32Array, shape, dtype as "float32");
    })
  );
  assigned.forEach((name, i) => write(weights.get(name)!, created[i]));
  return matched;
}

function write(weight: LayerVariable, value: Tensor): void {
  weight.write(value);
  value.dispose();
}

/** The values for a weight, or what is wrong with them. */
function fitted(
  name: string,
  { dtype, shape, values }: SafetensorsTensor,
  weight: LayerVariable,
): Float32Array | Int32Array | Uint8Array | string {
  const wanted = weight.read();
  if (shape.join() !== wanted.shape.join()) {
    return `"${name}" has shape [${shape}], wanted [${wanted.shape}]`;
  }
  if (wanted.dtype === "float32") {
    if (values instanceof Float32Array) return values;
    if (values instanceof Float64Array) return Float32Array.from(values);
  }
  if (wanted.dtype === "int32" && dtype !== "BOOL" && !/^B?F/.test(dtype)) {
    const whole = Int32Array.from(values as ArrayLike<number | bigint>, Number);
    const exact = whole.every((value, i) => value === Number(values[i]));
    return exact ? whole : `"${name}" of ${dtype} has numbers that int32 cannot hold`;
  }
  if (wanted.dtype === "bool" && dtype === "BOOL") return values as Uint8Array;
  return `"${name}" is of type ${dtype}, wanted ${wanted.dtype}`;
}

function someOf(names: readonly string[]): string {
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return names.slice(0, 10).map((name) => `"${name}"`).join(", ") + more;
}
