import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../_internal/sha256.ts";
import type { RowCounts, Run } from "../runs/run.ts";
import { stableJson } from "../runs/stable_json.ts";
import { wholeFolder } from "../runs/write_folder.ts";
import type { EpochRow } from "./callback.ts";
import { CheckpointError } from "./checkpoint.ts";
import type { FitResult } from "./fit_result.ts";
import { type NamedTensor, packTensors, unpackTensors } from "./named_tensors.ts";

/**
 * training.json beside the weights of a checkpoint: all that a training needs to go on as if it had
 * never stopped. There is no state of a random generator in it, because there is none: order,
 * augmentation and dropout follow from seed, epoch, image and step. There are no times in it, so that
 * equal trainings leave equal bytes.
 */
export interface TrainingRecord {
  /** Form of this file. */
  readonly schema: "qsight.training/1";
  /** What must be the same to go on: stages, settings, data. */
  readonly plan: Readonly<Record<string, unknown>>;
  /** From 0. */
  readonly stageIndex: number;
  /** Whole epochs of the stage that are done. */
  readonly epoch: number;
  /** Batches of the next epoch that are done. */
  readonly step: number;
  /** Whether the weights of the best epoch are among the tensors. */
  readonly bestWeights: boolean;
  /** Steps of the optimizer by weight. */
  readonly optimizerSteps: Readonly<Record<string, number>>;
  /** Gradients waiting for their step; null without any. */
  readonly accumulated: { readonly batches: number; readonly samples: number } | null;
  /** Steps that the average of the weights has seen; null without one. */
  readonly averageSteps: number | null;
  /** What the batches of an unfinished epoch said; null between epochs. */
  readonly tally: TallyRecord | null;
  /** State of early stopping, learning rate and collapse detection. */
  readonly watchers: Readonly<Record<string, unknown>>;
  /** What collapse detection noticed so far. */
  readonly collapses: FitResult["collapses"];
  /** Rows in the run's files at this moment: what comes after them is done again. */
  readonly rows: RowCounts;
  /** Rows of metrics so far. */
  readonly history: readonly EpochRow[];
}

/** Sums over the batches of an unfinished epoch. */
export interface TallyRecord {
  readonly count: number;
  readonly labels: readonly number[];
  readonly lossSums: Readonly<Record<string, number>>;
}

/** A record with its tensors: moments, kept weights, logits of an unfinished epoch. */
export interface TrainingMoment {
  readonly record: TrainingRecord;
  readonly tensors: readonly NamedTensor[];
}

/** A record as it stands on disk. */
interface StoredRecord extends TrainingRecord {
  readonly tensors: readonly Omit<NamedTensor, "values">[];
  readonly sha256: string;
}

/** The files of a moment, for the folder of its checkpoint. */
export function momentFiles(
  { record, tensors }: TrainingMoment,
): Record<string, string | Uint8Array> {
  const bytes = packTensors(tensors);
  const stored: StoredRecord = {
    ...record,
    history: record.history.map(namedNumbers) as unknown as EpochRow[],
    tensors: tensors.map(({ name, shape }) => ({ name, shape })),
    sha256: sha256(bytes),
  };
  return { "training.bin": bytes, "training.json": stableJson(stored, { indent: 1 }).text };
}

/**
 * Reads the moment beside a checkpoint; undefined when the folder has none.
 *
 * @throws {CheckpointError} when its files are not of one another, or of another version
 */
export async function readMoment(run: Run, folder: string): Promise<TrainingMoment | undefined> {
  const whole = await wholeFolder(join(run.folder, folder));
  const text = await readFile(join(whole, "training.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { tensors: index, sha256: wanted, ...record } = JSON.parse(text) as StoredRecord;
  if (record.schema !== "qsight.training/1") {
    throw new CheckpointError(
      `training.json in ${whole} has schema ${JSON.stringify(record.schema)}, wanted ` +
        `"qsight.training/1"; go on with the version that wrote it, or begin a new run`,
    );
  }
  const bytes = new Uint8Array(await readFile(join(whole, "training.bin")));
  if (sha256(bytes) !== wanted) {
    throw new CheckpointError(
      `training.bin in ${whole} is not the file that training.json names; begin a new run`,
    );
  }
  const history = record.history.map(readNumbers);
  return { record: { ...record, history }, tensors: unpackTensors(bytes, index) };
}

/** JSON has no NaN: it is written as its name. */
function namedNumbers(row: EpochRow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
    ]),
  );
}

const TEXTS = ["stage", "split", "head"];

const KEYS: readonly (keyof EpochRow)[] = [
  "stage",
  "epoch",
  "split",
  "head",
  "loss",
  "accuracy",
  "balancedAccuracy",
  "quadraticWeightedKappa",
  "macroAuc",
];

function readNumbers(row: EpochRow): EpochRow {
  // The file has its keys sorted; here they stand as in a row that was just made.
  const keys = [...new Set([...KEYS, ...Object.keys(row)])].filter((key) => key in row);
  const values = row as unknown as Record<string, unknown>;
  return Object.fromEntries(
    keys.map((key) => {
      const value = values[key];
      return [key, typeof value === "string" && !TEXTS.includes(key) ? Number(value) : value];
    }),
  ) as EpochRow;
}
