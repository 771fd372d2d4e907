import { ENSEMBLE } from "../model/hybrid_model.ts";
import { type AppliedStage, applyStage } from "../stages/apply_stage.ts";
import type { Stage } from "../stages/stage.ts";
import type { EpochLogs, TrainingCallback, TrainingState } from "./callback.ts";
import { saveCheckpoint } from "./checkpoint.ts";
import { epochRows, TrainTally } from "./epoch_rows.ts";
import { evaluateWith, type Evaluation } from "./evaluate.ts";
import { type Monitor, monitoredValue, parseMonitor } from "./monitor.ts";
import { readWeights } from "./named_tensors.ts";
import { type RestoreBatchNorm, setBatchNorm, type Statistics } from "./replicas/batch_norm.ts";
import type { StageReplicas } from "./replicas/stage_replicas.ts";
import { StageMemory } from "./stage_memory.ts";
import { annealEpoch, maskPass } from "./stage_pass.ts";
import type { StopReason } from "./stop_signals.ts";
import { alone, mostRows, stepsOf, trainEpoch } from "./train_epoch.ts";
import type { TrainingContext } from "./training_context.ts";
import { momentFiles, type TrainingMoment } from "./training_record.ts";
import { TrainingStopped } from "./training_stopped.ts";
import { turn } from "./turn.ts";

/** One stage of a training, from its beginning or from where it was left. */
export class StageRun {
  readonly #context: TrainingContext;
  readonly #stage: Stage;
  readonly #stageIndex: number;
  readonly #steps: number;
  readonly #monitor: Monitor;
  readonly #memory: StageMemory;
  readonly #applied: AppliedStage;
  readonly #statistics: Statistics = { gather: null };
  readonly #restoreBatchNorm: RestoreBatchNorm;
  /** Null where the model trains alone. */
  #replicas: StageReplicas | null = null;
  /** Whole epochs that are done, and batches of the next. */
  #epoch = 0;
  #step = 0;

  constructor(context: TrainingContext, stageIndex: number, moment?: TrainingMoment) {
    const { model, data, options, settings } = context;
    const stage = options.stages[stageIndex];
    this.#context = context;
    this.#stage = stage;
    this.#stageIndex = stageIndex;
    this.#steps = stepsOf(stage, { count: data.train.count, batchSize: settings.batchSize });
    this.#monitor = parseMonitor(stage.monitor, [...stage.heads, ENSEMBLE]);
    const [monitor, stepsPerEpoch] = [this.#monitor, this.#steps];
    const { train } = data;
    this.#memory = new StageMemory(model, { stage, monitor, stepsPerEpoch, settings, train });
    const how = { mode: settings.batchNorm, statistics: this.#statistics };
    this.#restoreBatchNorm = setBatchNorm(model.network, how);
    this.#applied = applyStage(model.network, stage);
    if (moment === undefined) return;
    this.#memory.restore(moment);
    this.#epoch = moment.record.epoch;
    this.#step = moment.record.step;
  }

  /** Trains to the end of the stage. */
  async run(): Promise<EpochLogs> {
    const { stopping, best } = this.#memory;
    await this.#call("onStageBegin", this.#state(this.#epoch));
    await this.#beginReplicas();
    let logs: EpochLogs | undefined;
    while (this.#epoch < this.#stage.epochs && !stopping.stopsAt(this.#epoch)) {
      await this.#stopIfAsked();
      logs = await this.#nextEpoch();
    }
    logs ??= await this.#lastLogs();
    if (stopping.bestEpoch > 0 && stopping.stopsAt(this.#epoch)) {
      best.restore(this.#context.model.network);
      logs = { ...logs, validation: await this.#validateAgain() };
    } else await this.#memory.deployAverage();
    this.#context.validation = logs.validation;
    await this.#call("onStageEnd", this.#state(this.#epoch), logs);
    return logs;
  }

  /** Takes the mask off and frees the tensors. */
  close(): void {
    this.#memory.dispose();
    this.#applied.restore();
    this.#restoreBatchNorm();
  }

  /** A stage that has ended already needs none. */
  async #beginReplicas(): Promise<void> {
    const { replicas, settings, data } = this.#context;
    if (this.#epoch >= this.#stage.epochs || this.#memory.stopping.stopsAt(this.#epoch)) return;
    const rows = mostRows(this.#stage, { count: data.train.count, batchSize: settings.batchSize });
    const [stage, memory, statistics] = [this.#stage, this.#memory, this.#statistics];
    this.#replicas = await replicas.begin(this.#stageIndex, { stage, memory, statistics, rows });
  }

  async #nextEpoch(): Promise<EpochLogs> {
    const state = this.#state(this.#epoch + 1);
    const { rate, stopping, loss } = this.#memory;
    await this.#call("onEpochBegin", state);
    const logs = await this.#trainAndValidate(state);
    this.#applied.assertFrozen();
    this.#epoch++;
    this.#step = 0;
    this.#memory.tally = undefined;
    const value = monitoredValue(logs.rows, this.#monitor);
    rate.observe(value, this.#epoch);
    for (const event of loss.observe(this.#epoch, logs.validation)) {
      this.#context.collapses.push({ stage: this.#stage.name, ...event });
    }
    if (stopping.offer(value, this.#epoch).improved) await this.#keepBest();
    await this.#call("onEpochEnd", state, logs);
    await this.#save();
    return logs;
  }

  async #trainAndValidate(state: TrainingState): Promise<EpochLogs> {
    const { options: { run }, settings, history, now, pace, data } = this.#context;
    const started = now();
    maskPass(this.#context.model, this.#applied, "train");
    annealEpoch(this.#context.model, this.#applied, state.epoch);
    this.#replicas?.beginEpoch(state.epoch, this.#memory.loss.state());
    const tally = await this.#trainEpoch(state);
    maskPass(this.#context.model, this.#applied, "val");
    const validation = await this.#validate();
    if (validation === null) await this.#stopIfAsked();
    const rows = epochRows(state, { tally, validation: validation!, settings });
    history.push(...rows);
    this.#context.validation = validation;
    const seconds = (now() - started) / 1000;
    pace.epoch(seconds);
    if (run !== undefined) {
      await run.appendMetrics(rows);
      const samplesPerSecond = data.train.count / seconds;
      const { name: stage } = this.#stage;
      await run.appendTimings([{ stage, epoch: state.epoch, seconds, samplesPerSecond }]);
    }
    return { rows, validation: validation!, seconds };
  }

  async #trainEpoch(state: TrainingState): Promise<TrainTally> {
    const { options } = this.#context;
    const tally = this.#memory.tally ??= new TrainTally(this.#context.model.classes.length);
    await trainEpoch(this.#context, {
      state,
      tally,
      memory: this.#memory,
      replicas: this.#replicas,
      steps: this.#steps,
      done: this.#step,
      afterBatch: async (step) => {
        this.#step = step;
        await turn();
        await this.#stopIfAsked();
        const every = options.checkpointEverySteps ?? Infinity;
        if (step % every === 0 && step < this.#steps) await this.#save();
      },
    });
    return tally;
  }

  /** The deployed model on the validation split; null when the training should end. */
  async #validate(): Promise<Evaluation | null> {
    const { model, data, stops, options: { lock } } = this.#context;
    const goOn = async () => {
      await turn();
      return stops.asked() === null;
    };
    const batchSize = this.#stage.valBatchSize ?? undefined;
    return await this.#memory.withAverage(() =>
      alone(lock, () => evaluateWith(model, data.val, { batchSize, goOn }))
    );
  }

  /** After the last epoch, whose checkpoint is written: to be asked to end leaves that as it is. */
  async #validateAgain(): Promise<Evaluation> {
    maskPass(this.#context.model, this.#applied, "val");
    const validation = await this.#validate();
    if (validation === null) this.#end(this.#context.stops.asked()!);
    return validation!;
  }

  /** What the last epoch left, for a stage that an earlier process had trained to its end. */
  async #lastLogs(): Promise<EpochLogs> {
    const rows = this.#context.history.filter(({ stage, epoch }) =>
      stage === this.#stage.name && epoch === this.#epoch
    );
    return { rows, validation: await this.#validateAgain(), seconds: 0 };
  }

  async #keepBest(): Promise<void> {
    const { model, options: { run } } = this.#context;
    if (run === undefined && this.#stage.patience === null) return;
    const weights = await this.#memory.withAverage(() => readWeights(model.network));
    this.#memory.best.note(weights);
    const [stage, epoch] = [this.#stage, this.#epoch];
    const folder = `checkpoints/${stage.name}/best`;
    if (run !== undefined) await saveCheckpoint(run, { folder, model, stage, epoch, weights });
  }

  /** The last checkpoint, with all that it takes to go on from here. */
  async #save(): Promise<void> {
    const { model, options: { run }, plan, history, collapses } = this.#context;
    if (run === undefined) return;
    const { record, tensors } = await this.#memory.state();
    const [stage, epoch, step] = [this.#stage, this.#epoch, this.#step];
    const place = { plan, stageIndex: this.#stageIndex, epoch, step };
    const schema = "qsight.training/1";
    const rows = await run.countRows();
    const grown = { rows, history, collapses };
    const more = momentFiles({ record: { schema, ...place, ...record, ...grown }, tensors });
    const weights = await readWeights(model.network);
    const folder = `checkpoints/${stage.name}/last`;
    await saveCheckpoint(run, { folder, model, stage, epoch, weights, more });
  }

  /** Ends the training with its last checkpoint whole, if somebody asked for it. */
  async #stopIfAsked(): Promise<void> {
    const asked = this.#context.stops.asked();
    if (asked === null) return;
    await this.#save();
    this.#end(asked);
  }

  #end(asked: StopReason | "signal"): void {
    const { signal } = this.#context.options;
    if (asked === "signal") signal!.throwIfAborted();
    else {
      const [stage, epoch, step] = [this.#stage.name, this.#epoch, this.#step];
      throw new TrainingStopped({ by: asked, stage, epoch, step });
    }
  }

  #state(epoch: number): TrainingState {
    const { model } = this.#context;
    return { model, stage: this.#stage, stageIndex: this.#stageIndex, epoch };
  }

  async #call(hook: "onStageBegin" | "onEpochBegin", state: TrainingState): Promise<void>;
  async #call(
    hook: "onEpochEnd" | "onStageEnd",
    state: TrainingState,
    logs: EpochLogs,
  ): Promise<void>;
  async #call(hook: keyof TrainingCallback, state: TrainingState, logs?: EpochLogs): Promise<void> {
    for (const callback of this.#context.options.callbacks ?? []) {
      await callback[hook]?.(state, logs as EpochLogs);
    }
  }
}
