import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { DataSplits } from "../../src/data/image_set.ts";
import { openRun } from "../../src/runs/open_run.ts";
import type { Run } from "../../src/runs/run.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import type { Stage, StageDeclaration } from "../../src/stages/stage.ts";
import type { FitOptions } from "../../src/training/fit_options.ts";
import type { FitResult } from "../../src/training/fit_result.ts";
import { fit } from "../../src/training/fit.ts";
import { HEADS, ROWS, smallModel } from "./_small.ts";

/** Stages whose checkpoints have everything to hold: moments, sums, averages, kept weights. */
export function eventfulStages(): readonly Stage[] {
  const [classical, , , quantum, ensemble] = ROWS;
  const stages: StageDeclaration[] = [
    { ...classical, epochs: 2, gradientAccumulation: 2, clipNorm: 1 },
    {
      ...quantum,
      epochs: 2,
      ema: { decay: 0.5, afterSteps: 1, every: 1 },
      optimizer: "sgd",
      schedule: { policy: "plateau", patience: 1 },
      batchSize: 10,
    },
    // So small a rate changes no prediction: it ends after its third epoch, with the first's weights.
    { ...ensemble, epochs: 9, patience: 2, learningRate: 1e-12, optimizer: "adam" },
  ];
  return defineStages(stages, { heads: HEADS });
}

const CONFIG = { training: "eventful" };

/** A run of the eventful training: a new one, or one that is taken up again by its id. */
export async function eventfulRun(root: string, reopen?: string): Promise<Run> {
  return await openRun({ root, seed: 0, config: CONFIG, reopen });
}

/** Trains a fresh model, as another process would. */
export async function eventfulFit(
  data: DataSplits,
  options: Partial<FitOptions> & { readonly run: Run },
): Promise<FitResult> {
  return await fit(smallModel(data), data, {
    stages: eventfulStages(),
    batchSize: 8,
    progress: false,
    checkpointEverySteps: 1,
    onExisting: "resume",
    ...options,
  });
}

/** SHA-256 of all that must not depend on whether a training was stopped, by path. */
export async function lastingBytes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== "timings.jsonl");
  const digests = await Promise.all(
    paths.sort().map(async (path) => {
      const bytes = await readFile(join(folder, path));
      return [path, createHash("sha256").update(bytes).digest("hex")];
    }),
  );
  return Object.fromEntries(digests);
}
