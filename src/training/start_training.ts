import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { HybridModel } from "../model/hybrid_model.ts";
import type { Run } from "../runs/run.ts";
import { stableJson } from "../runs/stable_json.ts";
import type { Stage } from "../stages/stage.ts";
import type { ImportedWeights } from "../tensors/files/named_weights.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { readWeights } from "./named_tensors.ts";
import {
  momentFiles,
  readMoment,
  type TrainingMoment,
  type TrainingRecord,
} from "./training_record.ts";
import { warmStart, type WarmStartOptions } from "./warm_start.ts";
import type { OnExisting } from "./fit_options.ts";

/** What {@linkcode startTraining} needs to know. */
export interface StartOptions {
  readonly stages: readonly Stage[];
  /** What must be the same to go on. */
  readonly plan: Readonly<Record<string, unknown>>;
  readonly run?: Run;
  readonly onExisting: OnExisting;
  readonly initFrom?: WarmStartOptions;
  /** Whether another backend may go on than the one that began. */
  readonly allowOtherBackend: boolean;
}

/** Where a training begins. */
export interface TrainingStart {
  /** Undefined at the very beginning. */
  readonly moment: TrainingMoment | undefined;
  /** What the warm start did; null without one. */
  readonly warmStart: ImportedWeights | null;
}

/** The model as it was handed over, before any warm start: what a restart begins with. */
const START = "checkpoints/_start";

/**
 * Puts the model where the training begins: as it is, warm started, or as the last checkpoint of the
 * run left it, with the rows behind that checkpoint cut off.
 *
 * @throws {Error} when the run holds a training and nothing was said about it, or another plan's
 */
export async function startTraining(
  model: HybridModel,
  options: StartOptions,
): Promise<TrainingStart> {
  const { run, onExisting, stages } = options;
  if (run === undefined) return await begin(model, options);
  const start = await readMoment(run, START);
  if (start === undefined) {
    await saveStart(run, model, options);
    return await begin(model, options);
  }
  const last = await lastMoment(run, stages);
  if (onExisting === "error") throw new Error(existing(run, { last, stages }));
  if (onExisting === "restart") {
    await loadCheckpoint(model, join(run.folder, START));
    await forget(run);
    await run.keepRows(start.record.rows);
    await saveStart(run, model, options);
    return await begin(model, options);
  }
  const { folder, moment } = last ?? { folder: START, moment: start };
  checkPlan(moment.record, { ...options, run });
  await loadCheckpoint(model, join(run.folder, folder));
  await run.keepRows(moment.record.rows);
  return last === undefined ? await begin(model, options) : { moment, warmStart: null };
}

async function begin(model: HybridModel, { initFrom }: StartOptions): Promise<TrainingStart> {
  const warm = initFrom === undefined ? null : await warmStart(model, initFrom);
  return { moment: undefined, warmStart: warm };
}

async function saveStart(run: Run, model: HybridModel, { plan }: StartOptions): Promise<void> {
  const record: TrainingRecord = {
    schema: "qsight.training/1",
    plan,
    stageIndex: 0,
    epoch: 0,
    step: 0,
    bestWeights: false,
    optimizerSteps: {},
    accumulated: null,
    averageSteps: null,
    tally: null,
    watchers: {},
    collapses: [],
    rows: await run.countRows(),
    history: [],
  };
  await saveCheckpoint(run, {
    folder: START,
    model,
    stage: null,
    epoch: 0,
    weights: await readWeights(model.network),
    more: momentFiles({ record, tensors: [] }),
  });
}

/** Of the latest stage that has a checkpoint. */
async function lastMoment(
  run: Run,
  stages: readonly Stage[],
): Promise<{ folder: string; moment: TrainingMoment } | undefined> {
  for (const { name } of [...stages].reverse()) {
    const folder = `checkpoints/${name}/last`;
    const moment = await readMoment(run, folder);
    if (moment !== undefined) return { folder, moment };
  }
  return undefined;
}

/** Removes what the training of before left, all but its start. */
async function forget(run: Run): Promise<void> {
  for (const name of await readdir(join(run.folder, "checkpoints"))) {
    if (`checkpoints/${name}` !== START) await run.remove(`checkpoints/${name}`);
  }
  await run.remove("reports/visualizations");
}

function existing(
  run: Run,
  { last, stages }: {
    readonly last: { readonly moment: TrainingMoment } | undefined;
    readonly stages: readonly Stage[];
  },
): string {
  const { stageIndex = 0, epoch = 0 } = last?.moment.record ?? {};
  const { name, epochs } = stages[stageIndex];
  return `fit: run ${run.id} holds a training already (stage "${name}", ${epoch} of ${epochs} ` +
    `epochs). Pass onExisting: "resume" to go on with it, "restart" to begin it again with the ` +
    `weights of then, or open another run`;
}

function checkPlan(
  { plan: then }: TrainingRecord,
  { run, plan: now, allowOtherBackend }:
    & { readonly run: Run }
    & Pick<StartOptions, "plan" | "allowOtherBackend">,
): void {
  const text = (value: unknown) => stableJson(value, { indent: 0 }).text.trim();
  const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])]
    .filter((key) => key !== "backend" || !allowOtherBackend);
  const differing = keys.filter((key) => text(then[key]) !== text(now[key])).map((key) => {
    const [before, after] = [text(then[key]), text(now[key])];
    return before.length + after.length > 80 ? key : `${key} (${before} then, ${after} now)`;
  });
  if (differing.length === 0) return;
  if (differing.length === 1 && text(then.backend) !== text(now.backend) && !allowOtherBackend) {
    throw new Error(
      `fit: cannot resume run ${run.id} to the same bytes: it was computed by ${
        then.backend ?? "an unknown backend"
      }, and ` +
        `${now.backend} would go on. Open tensors as then, or pass allowOtherBackend: true ` +
        `(qsight train: --allow-other-backend)`,
    );
  }
  throw new Error(
    `fit: cannot resume run ${run.id}, the training differs from its own in ${
      differing.join(", ")
    }. Pass the same, onExisting: "restart", or open another run`,
  );
}
