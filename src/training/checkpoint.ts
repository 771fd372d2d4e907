import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { joinFloats } from "../_internal/join_floats.ts";
import { ENSEMBLE, fusionOf, type HybridModel, setActiveHeads } from "../model/hybrid_model.ts";
import type { Run } from "../runs/run.ts";
import type { Stage } from "../stages/stage.ts";
import { type LayersModel, tfjs } from "../tensors/tf.ts";
import type { TrainingState } from "./callback.ts";

/** checkpoint.json: everything but the numbers, which stand in weights.bin in the same order. */
export interface Checkpoint {
  /** Form of this file. */
  readonly schema: "qsight.checkpoint/1";
  /** The plan of the stage. */
  readonly stage: Stage;
  /** Epochs of it that were done. */
  readonly epoch: number;
  /** The mask: which heads voted. */
  readonly activeHeads: readonly string[];
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

/**
 * Writes `checkpoints/<stage>/<slot>/`: weights.bin, then checkpoint.json, which names its hash. The
 * mask is part of it, so that a model restored from it lets the same heads vote.
 */
export async function saveCheckpoint(
  run: Run,
  { state, slot }: { readonly state: TrainingState; readonly slot: "last" | "best" },
): Promise<void> {
  const { model, stage, epoch } = state;
  const weights = namedWeights(model.network);
  const parts = await Promise.all(weights.map(({ variable }) => variable.read().data()));
  const bytes = new Uint8Array(joinFloats(parts as Float32Array[]).buffer);
  const folder = `checkpoints/${stage.name}/${slot}`;
  const checkpoint: Checkpoint = {
    schema: "qsight.checkpoint/1",
    stage,
    epoch,
    activeHeads: fusionOf(model).activeHeads,
    heads: model.heads,
    classes: model.classes,
    weights: weights.map(({ name, variable }) => ({ name, shape: variable.shape as number[] })),
    synthetic: run.synthetic,
    sha256: sha256(bytes),
  };
  await run.save(`${folder}/weights.bin`, bytes);
  await run.saveJson(`${folder}/checkpoint.json`, checkpoint);
}

/**
 * Puts the weights and the mask of a checkpoint into a model of the same shape.
 *
 * @throws {CheckpointError} listing the tensors that are missing, unexpected or of another shape
 */
export async function loadCheckpoint(model: HybridModel, folder: string): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(folder);
  const bytes = new Uint8Array(await readFile(join(folder, "weights.bin")));
  if (sha256(bytes) !== checkpoint.sha256) {
    throw new CheckpointError(
      `weights.bin in ${folder} is not the file that checkpoint.json names; use another checkpoint`,
    );
  }
  const weights = namedWeights(model.network);
  checkNames(weights, checkpoint, folder);
  const tf = tfjs();
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  let at = 0;
  const byName = new Map(weights.map(({ name, variable }) => [name, variable]));
  for (const { name, shape } of checkpoint.weights) {
    const size = shape.reduce((product, side) => product * side, 1);
    const part = values.slice(at, at + size);
    tf.tidy(() => void byName.get(name)!.write(tf.tensor(part, [...shape])));
    at += size;
  }
  setActiveHeads(model, checkpoint.activeHeads);
  return checkpoint;
}

async function readCheckpoint(folder: string): Promise<Checkpoint> {
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

type LayerVariable = LayersModel["weights"][number];

/** Weights by the name of their layer; tfjs's own names get a suffix in a second model. */
function namedWeights(network: LayersModel): { name: string; variable: LayerVariable }[] {
  return network.layers.flatMap((layer) =>
    layer.weights.map((variable) => ({ name: variable.originalName, variable }))
  );
}

function checkNames(
  weights: readonly { name: string; variable: LayerVariable }[],
  checkpoint: Checkpoint,
  folder: string,
): void {
  const shapeOf = (shape: readonly (number | null)[]) => `[${shape.join(", ")}]`;
  const ours = new Map(weights.map(({ name, variable }) => [name, shapeOf(variable.shape)]));
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

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The value by which the best epoch of a stage is chosen: the deployed answer's agreement. */
export function selectionMetric(
  rows: readonly { head: string; split: string; quadraticWeightedKappa: number | null }[],
): number {
  const row = rows.find(({ head, split }) => head === ENSEMBLE && split === "val");
  return row?.quadraticWeightedKappa ?? -Infinity;
}
