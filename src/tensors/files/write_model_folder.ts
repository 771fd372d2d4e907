import type { io } from "@tensorflow/tfjs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../_internal/sha256.ts";
import { writeAtomic } from "../../_internal/write_atomic.ts";
import { MODEL_FILE, type ModelFile } from "./model_folder.ts";
import type { WeightFile } from "./shard_weights.ts";

/** A model as files: all of model.json but its weights, and these. */
export interface ModelToWrite {
  readonly described: Readonly<Record<string, unknown>>;
  readonly weightSpecs: readonly io.WeightsManifestEntry[];
  readonly files: readonly WeightFile[];
}

/** Weight files as they are named here, also for the time in which they stand in for others. */
const WEIGHTS = /^([0-9a-f]{16}-)?(weights|group1-shard\d+of\d+)\.bin$/;

/**
 * Writes weight files and then model.json, so that at every moment the folder's model.json and the
 * files it lists belong together.
 *
 * Weights that would replace those of another model must not do so while its model.json still
 * lists them. Such a model is first written whole under names of its own, and only then, when
 * nothing lists the old files any more, under the usual ones.
 */
export async function writeModelFolder(folder: string, model: ModelToWrite): Promise<void> {
  const before = await listedFiles(folder);
  if (await wouldReplace(folder, before, model.files)) {
    const staged = model.files.map((file) => ({
      ...file,
      name: `${file.sha256.slice(0, 16)}-${file.name}`,
    }));
    await writeFiles(folder, { ...model, files: staged });
    // Now already, so that there is room for the last of three copies.
    await removeStale(folder, before);
  }
  await writeFiles(folder, model);
  await removeStale(folder, before);
}

async function writeFiles(folder: string, model: ModelToWrite): Promise<void> {
  const { described, weightSpecs: weights, files } = model;
  try {
    for (const { name, bytes } of files) await writeAtomic(join(folder, name), bytes);
    const weightsManifest = [{ paths: files.map(({ name }) => name), weights }];
    const sums = files.map(({ name, sha256 }) => [name, sha256]);
    const json = { ...described, weightsManifest, weightsSha256: Object.fromEntries(sums) };
    await writeAtomic(join(folder, MODEL_FILE), JSON.stringify(json));
  } catch (error) {
    // Most likely the disk is full: weights that no model lists must not stay on it.
    await removeStale(folder, files.map(({ name }) => name));
    throw error;
  }
}

/** The weight files that the model.json in the folder lists; none when there is no such file. */
async function listedFiles(folder: string): Promise<string[]> {
  try {
    const text = await readFile(join(folder, MODEL_FILE), "utf8");
    const { weightsManifest } = JSON.parse(text) as Partial<ModelFile>;
    return (weightsManifest ?? []).flatMap(({ paths }) => paths);
  } catch {
    // Not there, or no model: nothing that could be spoilt.
    return [];
  }
}

async function wouldReplace(
  folder: string,
  before: readonly string[],
  files: readonly WeightFile[],
): Promise<boolean> {
  for (const { name, sha256: wanted } of files) {
    if (!before.includes(name)) continue;
    const found = await readFile(join(folder, name)).catch(() => undefined);
    if (found !== undefined && sha256(found) !== wanted) return true;
  }
  return false;
}

/**
 * Removes the files of these names, and weights that a killed save left, unless a JSON file in the
 * folder mentions them; never a path elsewhere. What cannot be removed is listed nowhere and does no
 * harm.
 */
async function removeStale(folder: string, names: readonly string[]): Promise<void> {
  const found = await readdir(folder).catch(() => []);
  const unsure = found.filter((name) => names.includes(name) || WEIGHTS.test(name));
  const texts = await Promise.all(
    found.filter((name) => name.endsWith(".json"))
      .map((name) => readFile(join(folder, name), "utf8").catch(() => "")),
  );
  for (const name of unsure) {
    if (name === MODEL_FILE || texts.some((text) => text.includes(JSON.stringify(name)))) continue;
    await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}
