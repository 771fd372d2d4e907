import { batches, batchSizes } from "../data/batches.ts";
import type { DataSplits } from "../data/image_set.ts";
import { openStatusLine } from "../display/status_line.ts";
import {
  ENSEMBLE,
  type HybridModel,
  quantumLayerOf,
  setActiveHeads,
} from "../model/hybrid_model.ts";
import { replicaPolicy } from "../sampler_lock/replica_policy.ts";
import { type AppliedStage, applyStage } from "../stages/apply_stage.ts";
import { AdamW } from "./adamw.ts";
import { BestWeights } from "./best_weights.ts";
import type { EpochLogs, EpochRow, TrainingCallback, TrainingState } from "./callback.ts";
import { saveCheckpoint, selectionMetric } from "./checkpoint.ts";
import { epochRows, TrainTally } from "./epoch_rows.ts";
import { evaluate, type Evaluation } from "./evaluate.ts";
import { type FitOptions, type FitResult, type FitSettings, fitSettings } from "./fit_options.ts";
import { cosineLearningRate } from "./learning_rate.ts";
import { type Loss, lossNamed } from "./losses.ts";
import { type Progress, progressLine, TimeLeft } from "./progress.ts";
import { trainStep } from "./train_step.ts";

/** Batch normalisation needs two images: a single last one joins the batch before it. */
const MIN_BATCH = 2;

/** One call of fit: what stays the same over its stages. */
export class TrainingLoop {
  readonly #model: HybridModel;
  readonly #data: DataSplits;
  readonly #options: FitOptions;
  readonly #settings: FitSettings;
  readonly #loss: Loss;
  readonly #now: () => number;
  readonly #started: number;
  readonly #timeLeft: TimeLeft;
  readonly #steps: number;
  readonly #history: EpochRow[] = [];
  readonly #report: (progress: Progress) => void;
  readonly #close: () => Promise<void>;
  #estimatedSeconds = 0;

  constructor(model: HybridModel, data: DataSplits, options: FitOptions) {
    this.#model = model;
    this.#data = data;
    this.#options = options;
    this.#settings = fitSettings(options);
    const { loss, labelSmoothing, batchSize } = this.#settings;
    this.#now = options.now ?? (() => performance.now());
    this.#loss = lossNamed(loss, { labelSmoothing });
    this.#started = this.#now();
    this.#steps = batchSizes(data.train.count, { batchSize, minBatch: MIN_BATCH }).length;
    this.#timeLeft = new TimeLeft(options.stages.map((stage) => stage.epochs * this.#steps));
    if (options.progress === undefined) {
      const line = openStatusLine();
      this.#report = (progress) => line.update(progressLine(progress));
      this.#close = () => line.close();
    } else {
      this.#report = options.progress === false ? () => {} : options.progress;
      this.#close = () => Promise.resolve();
    }
  }

  async run(): Promise<FitResult> {
    let validation: Evaluation | undefined;
    for (const index of this.#options.stages.keys()) {
      validation = (await this.#stage(index)).validation;
    }
    return {
      history: this.#history,
      validation: validation!,
      replicas: this.#options.stages.map(({ name, heads }) => ({
        stage: name,
        ...replicaPolicy({
          activeHeads: heads,
          reentrant: quantumLayerOf(this.#model).simulator.reentrant,
        }),
      })),
      seconds: (this.#now() - this.#started) / 1000,
      estimatedSeconds: this.#estimatedSeconds,
    };
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async #stage(stageIndex: number): Promise<EpochLogs> {
    const stage = this.#options.stages[stageIndex];
    const at = (epoch: number): TrainingState => ({
      model: this.#model,
      stage,
      stageIndex,
      epoch,
    });
    const applied = applyStage(this.#model.network, stage);
    const optimizer = new AdamW({ weightDecay: stage.weightDecay });
    const best = new BestWeights(this.#model.network, { keep: stage.patience !== null });
    try {
      await this.#call("onStageBegin", at(0));
      let logs: EpochLogs | undefined;
      let epoch = 0;
      while (epoch < stage.epochs && epoch - best.epoch < (stage.patience ?? Infinity)) {
        epoch++;
        await this.#call("onEpochBegin", at(epoch));
        logs = await this.#epoch(at(epoch), { optimizer, applied });
        applied.assertFrozen();
        if (best.offer(selectionMetric(logs.rows), epoch)) {
          await this.#checkpoint(at(epoch), "best");
        }
        await this.#call("onEpochEnd", at(epoch), logs);
      }
      await this.#checkpoint(at(epoch), "last");
      if (best.epoch > 0 && epoch - best.epoch === stage.patience) {
        best.restore();
        logs = { ...logs!, validation: await this.#validate() };
      }
      await this.#call("onStageEnd", at(epoch), logs!);
      return logs!;
    } finally {
      best.dispose();
      optimizer.dispose();
      applied.restore();
    }
  }

  async #checkpoint(state: TrainingState, slot: "best" | "last"): Promise<void> {
    const { run } = this.#options;
    if (run !== undefined) await saveCheckpoint(run, { state, slot });
  }

  async #epoch(
    state: TrainingState,
    { optimizer, applied }: { optimizer: AdamW; applied: AppliedStage },
  ): Promise<EpochLogs> {
    const started = this.#now();
    this.#mask(state, applied);
    const tally = await this.#trainEpoch(state, optimizer);
    this.#mask(state, applied);
    const validation = await this.#validate();
    const { loss, labelSmoothing } = this.#settings;
    const rows = epochRows(state, { tally, validation, loss, labelSmoothing });
    this.#history.push(...rows);
    const seconds = (this.#now() - started) / 1000;
    if (this.#estimatedSeconds === 0) this.#estimatedSeconds = this.#timeLeft.seconds + seconds;
    const { run } = this.#options;
    if (run !== undefined) {
      await run.appendMetrics(rows);
      const samplesPerSecond = this.#data.train.count / seconds;
      await run.appendTimings([{
        stage: state.stage.name,
        epoch: state.epoch,
        seconds,
        samplesPerSecond,
      }]);
    }
    return { rows, validation, seconds };
  }

  /** Before each pass again: a flag or a head that somebody set by hand in between does not last. */
  #mask({ stage }: TrainingState, applied: AppliedStage): void {
    setActiveHeads(this.#model, stage.heads);
    applied.apply();
  }

  async #validate(): Promise<Evaluation> {
    return await this.#alone(() => evaluate(this.#model, this.#data.val));
  }

  /** Runs work that may enter the simulator, holding its lock if there is one. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const { lock } = this.#options;
    return lock === undefined ? await work() : await lock.run(work);
  }

  async #trainEpoch(state: TrainingState, optimizer: AdamW): Promise<TrainTally> {
    const { batchSize, seed, augment, warmupEpochs } = this.#settings;
    const { stage, stageIndex, epoch } = state;
    const tally = new TrainTally(this.#model.classes.length);
    const total = stage.epochs * this.#steps;
    const warmup = Math.min(warmupEpochs * this.#steps, Math.floor(total / 5));
    // Epochs count through all stages, so that no stage repeats the order of the one before.
    const before = this.#options.stages.slice(0, stageIndex).reduce((sum, x) => sum + x.epochs, 0);
    let step = 0;
    for (
      const batch of batches(this.#data.train, {
        batchSize,
        seed,
        epoch: before + epoch,
        augment,
        minBatch: MIN_BATCH,
      })
    ) {
      const started = this.#now();
      const result = await this.#alone(() =>
        trainStep(this.#model, batch, {
          stage,
          loss: this.#loss,
          optimizer,
          learningRate: cosineLearningRate((epoch - 1) * this.#steps + step, {
            peak: stage.learningRate,
            total,
            warmup,
          }),
          maskKey: `${seed}/${before + epoch}/${step}`,
        })
      );
      tally.add(result, batch.y);
      step++;
      this.#timeLeft.add(stageIndex, (this.#now() - started) / 1000);
      this.#report(this.#progressAt(state, step, tally));
      // A turn of the event loop, so that a kernel can answer and a signal can arrive.
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#options.signal?.throwIfAborted();
    }
    return tally;
  }

  #progressAt(
    { stage, stageIndex, epoch }: TrainingState,
    step: number,
    tally: TrainTally,
  ): Progress {
    return {
      stage: stage.name,
      stageNumber: stageIndex + 1,
      stages: this.#options.stages.length,
      epoch,
      epochs: stage.epochs,
      step,
      steps: this.#steps,
      loss: tally.meanLoss(ENSEMBLE),
      samplesPerSecond: this.#timeLeft.stepsPerSecond(stageIndex) * this.#settings.batchSize,
      secondsLeft: this.#timeLeft.seconds,
    };
  }

  async #call(hook: "onStageBegin" | "onEpochBegin", state: TrainingState): Promise<void>;
  async #call(
    hook: "onEpochEnd" | "onStageEnd",
    state: TrainingState,
    logs: EpochLogs,
  ): Promise<void>;
  async #call(hook: keyof TrainingCallback, state: TrainingState, logs?: EpochLogs): Promise<void> {
    for (const callback of this.#options.callbacks ?? []) {
      await callback[hook]?.(state, logs as EpochLogs);
    }
  }
}
