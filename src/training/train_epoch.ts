import { batchSizes, planBatches } from "../data/batch_plan.ts";
import { labelsOf } from "../data/batches.ts";
import { mixup } from "../data/mixup.ts";
import { ENSEMBLE } from "../model/hybrid_model.ts";
import type { SamplerLock } from "../sampler_lock/lock_contract.ts";
import type { Stage } from "../stages/stage.ts";
import type { Tensor2D } from "../tensors/tf.ts";
import type { TrainingState } from "./callback.ts";
import type { TrainTally } from "./epoch_rows.ts";
import type { PlannedBatch, StageReplicas } from "./replicas/stage_replicas.ts";
import { saveDump } from "./save_dump.ts";
import type { StageMemory } from "./stage_memory.ts";
import { NonFiniteLossError } from "./non_finite_loss.ts";
import { type StepResult, trainStep } from "./train_step.ts";
import type { TrainingContext } from "./training_context.ts";

/** Batch normalisation needs two images: a single last one joins the batch before it. */
const MIN_BATCH = 2;

/** Batches in an epoch of a stage. */
export function stepsOf(
  stage: Stage,
  { count, batchSize }: { readonly count: number; readonly batchSize: number },
): number {
  return sizesOf(stage, { count, batchSize }).length;
}

/** Images in the largest batch of a stage. */
export function mostRows(
  stage: Stage,
  given: { readonly count: number; readonly batchSize: number },
): number {
  return Math.max(...sizesOf(stage, given));
}

function sizesOf(
  stage: Stage,
  { count, batchSize }: { readonly count: number; readonly batchSize: number },
): number[] {
  return batchSizes(count, { batchSize: stage.batchSize ?? batchSize, minBatch: MIN_BATCH });
}

/** Runs work that may enter the simulator, holding its lock if there is one. */
export async function alone<T>(
  lock: SamplerLock | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return lock === undefined ? await work() : await lock.run(work);
}

/** One epoch of a stage. */
export interface EpochOptions {
  readonly state: TrainingState;
  readonly memory: StageMemory;
  /** Null where the model trains alone. */
  readonly replicas: StageReplicas | null;
  readonly tally: TrainTally;
  /** Batches in the epoch. */
  readonly steps: number;
  /** Those of them that are done already. */
  readonly done: number;
  /** Called with the number of batches that are done; may end the training by throwing. */
  readonly afterBatch: (step: number) => Promise<void>;
}

/** The training batches of an epoch, from where it was left. */
export async function trainEpoch(context: TrainingContext, epoch: EpochOptions): Promise<void> {
  const { data, settings, options, pace, now } = context;
  const { state, memory, tally, steps } = epoch;
  const batchSize = state.stage.batchSize ?? settings.batchSize;
  // Epochs count through all stages, so that no stage repeats the order of the one before.
  const before = options.stages.slice(0, state.stageIndex).reduce((sum, x) => sum + x.epochs, 0);
  const { seed, augment } = settings;
  const order = {
    ...memory.loss.draw,
    batchSize,
    seed,
    epoch: before + state.epoch,
    augment,
    minBatch: MIN_BATCH,
  };
  // Replicas fill their parts themselves, at the same time, where no thread has done it.
  const filled = epoch.replicas === null;
  const coming = { from: epoch.done, filled };
  let started = now();
  const planned = planBatches(data.train.count, order, "fit", data.train.labels);
  for await (const { plan, x } of context.batches.of(planned, coming)) {
    const y = labelsOf(data.train, plan.indices);
    const result = await trainBatch(context, epoch, { plan, x, y });
    tally.add(result, y);
    if (result.moved) memory.average?.update(memory.averaged);
    const step = plan.step + 1;
    const seconds = (now() - started) / 1000;
    pace.batch(state, { step, steps, loss: tally.meanLoss(ENSEMBLE), seconds, batchSize });
    await epoch.afterBatch(step);
    started = now();
  }
}

async function trainBatch(
  context: TrainingContext,
  { state, memory, steps, replicas }: EpochOptions,
  batch: PlannedBatch,
): Promise<StepResult> {
  const { model, data, settings: { seed, mixup: alpha }, options: { run, lock } } = context;
  const { plan, x, y } = batch;
  const step = plan.step + 1;
  const learningRate = memory.rate.at((state.epoch - 1) * steps + plan.step);
  const maskKey = `${seed}/${plan.epoch}/${plan.step}`;
  const { optimizer, accumulator, loss: { loss } } = memory;
  const how = {
    ...{ stage: state.stage, loss, optimizer, accumulator, learningRate, maskKey },
    terms: (logits: ReadonlyMap<string, Tensor2D>) => memory.loss.terms(logits),
    last: step === steps,
  };
  // Replicas fill their parts themselves; images are mixed only where the batch is whole.
  const mixed = alpha === null || x === undefined
    ? null
    : mixup({ x, y, ...plan }, { classes: data.classes.length, alpha, seed });
  const input = mixed === null ? { x: x!, y } : { x: mixed.x, y, shares: mixed.y };
  try {
    return await alone(
      lock,
      () => replicas === null ? trainStep(model, input, how) : replicas.step(batch, how),
    );
  } catch (error) {
    if (error instanceof NonFiniteLossError && run !== undefined) {
      const { indices } = plan;
      await saveDump(run, error, { state, step, learningRate, indices, train: data.train });
    }
    throw error;
  }
}
