import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../_internal/sha256.ts";
import {
  fusionOf,
  type HybridModel,
  setActiveHeads,
  setSkipEnsemble,
} from "../model/hybrid_model.ts";
import type { Run } from "../runs/run.ts";
import { stableJson } from "../runs/stable_json.ts";
import { wholeFolder } from "../runs/write_folder.ts";
import type { Stage } from "../stages/stage.ts";
import {
  type NamedTensor,
  namedWeights,
  packTensors,
  unpackTensors,
  writeWeights,
} from "./named_tensors.ts";

/** checkpoint.json: everything but the numbers, which stand in weights.bin in the same order. */
export interface Checkpoint {
  /** Form of this file. */
  readonly schema: "qsight.checkpoint/1";
  /** The plan of the stage; null before the first one. */
  readonly stage: Stage | null;
  /** Epochs of it that were done. */
  readonly epoch: number;
  /** The mask: which heads voted. */
  readonly activeHeads: readonly string[];
  /** Whether the first of them answered alone; missing in older files, where none did. */
  readonly skipEnsemble?: boolean;
  /** All heads of the model. */
  readonly heads: readonly string[];
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Float32 tensors in weights.bin, moving statistics included. */
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Whether it was trained on drawn images. */
  readonly synthetic: boolean;
  /** SHA-256 of weights.bin, so that a torn pair is noticed. */
  readonly sha256: string;
}

/** A checkpoint that does not fit the model, or whose files do not fit each other. */
export class CheckpointError extends Error {
  /** Tells it from other errors. */
  override name = "CheckpointError";
}

/** What {@linkcode saveCheckpoint} writes. */
export interface CheckpointContent {
  readonly model: HybridModel;
  readonly stage: Stage | null;
  readonly epoch: number;
  /** As {@linkcode readWeights} gave them. */
  readonly weights: readonly NamedTensor[];
  /** More files of the folder. */
  readonly more?: Readonly<Record<string, string | Uint8Array>>;
}

/**
 * Writes a folder with weights.bin and checkpoint.json, which names its hash: in one step, so that a
 * kill leaves the checkpoint of before or the new one. The mask is part of it, so that a model
 * restored from it lets the same heads vote.
 *
 * @param content.folder inside the run, such as `checkpoints/<stage>/last`
 */
export async function saveCheckpoint(
  run: Run,
  { folder, model, stage, epoch, weights, more }: CheckpointContent & { readonly folder: string },
): Promise<void> {
  const bytes = packTensors(weights);
  const checkpoint: Checkpoint = {
    schema: "qsight.checkpoint/1",
    stage,
    epoch,
    activeHeads: fusionOf(model).activeHeads,
    skipEnsemble: fusionOf(model).skipEnsemble,
    heads: model.heads,
    classes: model.classes,
    weights: weights.map(({ name, shape }) => ({ name, shape })),
    synthetic: run.synthetic,
    sha256: sha256(bytes),
  };
  await run.saveFolder(folder, {
    "weights.bin": bytes,
    "checkpoint.json": stableJson(checkpoint).text,
    ...more,
  });
}

/**
 * Puts the weights and the mask of a checkpoint into a model of the same shape.
 *
 * @throws {CheckpointError} listing the tensors that are missing, unexpected or of another shape
 */
export async function loadCheckpoint(model: HybridModel, folder: string): Promise<Checkpoint> {
  const { checkpoint, tensors } = await readCheckpoint(folder);
  checkNames(model, checkpoint, folder);
  writeWeights(model.network, tensors);
  setActiveHeads(model, checkpoint.activeHeads);
  setSkipEnsemble(model, checkpoint.skipEnsemble ?? false);
  return checkpoint;
}

/**
 * Reads a checkpoint without a model.
 *
 * @throws {CheckpointError} when there is none, or its files are not of one another
 */
export async function readCheckpoint(
  folder: string,
): Promise<{ checkpoint: Checkpoint; tensors: NamedTensor[] }> {
  const whole = await wholeFolder(folder);
  const checkpoint = await readJson(whole);
  const bytes = new Uint8Array(await readFile(join(whole, "weights.bin")));
  if (sha256(bytes) !== checkpoint.sha256) {
    throw new CheckpointError(
      `weights.bin in ${whole} is not the file that checkpoint.json names; use another checkpoint`,
    );
  }
  return { checkpoint, tensors: unpackTensors(bytes, checkpoint.weights) };
}

async function readJson(folder: string): Promise<Checkpoint> {
  const path = join(folder, "checkpoint.json");
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new CheckpointError(
      `Found no ${path}; pass a folder such as trained_model/<run-id>/checkpoints/<stage>/best`,
      { cause },
    );
  });
  const checkpoint = JSON.parse(text) as Checkpoint;
  if (checkpoint.schema === "qsight.checkpoint/1") return checkpoint;
  throw new CheckpointError(
    `${path} has schema ${JSON.stringify(checkpoint.schema)}, wanted "qsight.checkpoint/1"; ` +
      `use a checkpoint that this version wrote`,
  );
}

function checkNames({ network }: HybridModel, checkpoint: Checkpoint, folder: string): void {
  const shapeOf = (shape: readonly (number | null)[]) => `[${shape.join(", ")}]`;
  const ours = new Map(
    namedWeights(network).map(({ name, variable }) => [name, shapeOf(variable.shape)]),
  );
  const theirs = new Map(checkpoint.weights.map(({ name, shape }) => [name, shapeOf(shape)]));
  const faults = [
    ...[...ours.keys()].filter((name) => !theirs.has(name)).map((name) => `missing ${name}`),
    ...[...theirs.keys()].filter((name) => !ours.has(name)).map((name) => `unexpected ${name}`),
    ...[...ours].filter(([name, shape]) => theirs.has(name) && theirs.get(name) !== shape)
      .map(([name, shape]) => `${name} is ${theirs.get(name)}, the model wants ${shape}`),
  ];
  if (faults.length === 0) return;
  throw new CheckpointError(
    `The checkpoint in ${folder} does not fit the model: ${faults.join("; ")}. ` +
      `Build the model with the options in the run's config.json`,
  );
}
