import type { ImageSet } from "../data/image_set.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import { ANNEALING_STATE } from "../model/layers/quantum_annealing.ts";
import type { Stage } from "../stages/stage.ts";
import type { Variable } from "../tensors/tf.ts";
import { GradientAccumulator } from "./accumulate_gradients.ts";
import { BestWeights } from "./best_weights.ts";
import type { CollapseState } from "./collapse_detector.ts";
import { EarlyStopping, type EarlyStoppingState } from "./early_stopping.ts";
import { TrainTally } from "./epoch_rows.ts";
import type { FitSettings } from "./fit_settings.ts";
import { LearningRatePolicy, type LearningRateState } from "./learning_rate_policy.ts";
import type { Monitor } from "./monitor.ts";
import {
  type NamedTensor,
  namedWeights,
  putUnder,
  tensorsUnder,
  writeWeights,
} from "./named_tensors.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizerOf } from "./optimizer_of.ts";
import { StageLoss } from "./stage_loss.ts";
import { readStepState, restoreStepState } from "./step_state.ts";
import type { TrainingMoment, TrainingRecord } from "./training_record.ts";
import { WeightAverage } from "./weight_average.ts";

/** The part of a record that belongs to one stage. */
export type StageRecord = Pick<
  TrainingRecord,
  "bestWeights" | "optimizerSteps" | "accumulated" | "averageSteps" | "tally" | "watchers"
>;

/** What a stage needs to know of its epochs. */
export interface StageMemoryOptions {
  readonly stage: Stage;
  readonly monitor: Monitor;
  readonly stepsPerEpoch: number;
  readonly settings: FitSettings;
  readonly train: Pick<ImageSet, "labels" | "classes">;
}

/** Everything that a stage remembers from step to step, and that a checkpoint has to hold. */
export class StageMemory {
  readonly optimizer: Optimizer;
  readonly accumulator: GradientAccumulator | undefined;
  readonly average: WeightAverage | undefined;
  readonly stopping: EarlyStopping;
  readonly rate: LearningRatePolicy;
  readonly best: BestWeights;
  readonly loss: StageLoss;
  /** What the batches of the running epoch said; undefined between epochs. */
  tally: TrainTally | undefined;
  readonly #model: HybridModel;

  constructor(model: HybridModel, options: StageMemoryOptions) {
    const { stage, monitor, stepsPerEpoch, settings, train } = options;
    this.#model = model;
    this.optimizer = optimizerOf(stage);
    this.accumulator = stage.gradientAccumulation > 1
      ? new GradientAccumulator(stage.gradientAccumulation)
      : undefined;
    this.average = stage.ema === null ? undefined : new WeightAverage(stage.ema);
    this.stopping = new EarlyStopping({ mode: monitor.mode, patience: stage.patience });
    this.rate = ratePolicy(stage, {
      stepsPerEpoch,
      warmupEpochs: settings.warmupEpochs,
      mode: monitor.mode,
    });
    this.loss = new StageLoss(settings, { stage, train });
    this.best = new BestWeights({ keep: stage.patience !== null });
  }

  /** The weights that an average is made of: not the state of the annealing, which is a setting. */
  get averaged(): { name: string; variable: Variable }[] {
    return namedWeights(this.#model.network)
      .filter(({ name }) => !ANNEALING_STATE.some((state) => name.endsWith(`/${state}`)))
      .map(({ name, variable }) => ({ name, variable: variable.read() as Variable }));
  }

  /** Works with the averages in the model, if there are any. */
  async withAverage<T>(work: () => Promise<T>): Promise<T> {
    this.average?.swapIn(this.averaged);
    try {
      return await work();
    } finally {
      this.average?.swapOut();
    }
  }

  /** Leaves the averages in the model in place of the weights; nothing without any. */
  async deployAverage(): Promise<void> {
    if (this.average === undefined) return;
    const { averages } = await this.average.state();
    writeWeights(this.#model.network, averages as readonly NamedTensor[]);
  }

  /** All of it, as JSON and tensors. */
  async state(): Promise<{ record: StageRecord; tensors: NamedTensor[] }> {
    const { optimizer, accumulated } = await readStepState(this.#model.network, this);
    const average = await this.average?.state();
    const tally = this.tally?.state();
    return {
      record: {
        optimizerSteps: optimizer.steps,
        accumulated: accumulated === null
          ? null
          : { batches: accumulated.batches, samples: accumulated.samples },
        averageSteps: average?.steps ?? null,
        tally: tally?.record ?? null,
        bestWeights: this.best.weights.length > 0,
        watchers: {
          stopping: this.stopping.state(),
          rate: this.rate.state(),
          collapse: this.loss.state(),
        },
      },
      tensors: [
        ...putUnder("optimizer", optimizer.tensors),
        ...putUnder("accumulated", accumulated?.tensors ?? []),
        ...putUnder("average", average?.averages as readonly NamedTensor[] ?? []),
        ...putUnder("best", this.best.weights),
        ...putUnder("tally", tally?.tensors ?? []),
      ],
    };
  }

  /** Goes on from what another one remembered. */
  restore({ record, tensors }: TrainingMoment): void {
    const { optimizerSteps: steps, accumulated } = record;
    restoreStepState(this.#model.network, this, {
      optimizer: { steps, tensors: tensorsUnder("optimizer", tensors) },
      accumulated: accumulated && { ...accumulated, tensors: tensorsUnder("accumulated", tensors) },
    });
    if (record.averageSteps !== null) {
      const averages = tensorsUnder("average", tensors);
      this.average?.restore({ steps: record.averageSteps, averages });
    }
    if (record.bestWeights) this.best.note(tensorsUnder("best", tensors));
    if (record.tally !== null) {
      this.tally = new TrainTally(this.#model.classes.length);
      this.tally.restore({ record: record.tally, tensors: tensorsUnder("tally", tensors) });
    }
    this.stopping.restore(record.watchers.stopping as EarlyStoppingState);
    this.rate.restore(record.watchers.rate as LearningRateState);
    this.loss.restore(record.watchers.collapse as CollapseState | null);
  }

  /** Frees the tensors. */
  dispose(): void {
    this.optimizer.dispose();
    this.accumulator?.dispose();
    this.average?.dispose();
  }
}

function ratePolicy(
  { schedule, learningRate, epochs }: Stage,
  { stepsPerEpoch, warmupEpochs, mode }: {
    readonly stepsPerEpoch: number;
    readonly warmupEpochs: number;
    readonly mode: Monitor["mode"];
  },
): LearningRatePolicy {
  const { policy, factor, every, patience, minimum } = schedule;
  const warmup = (schedule.warmupEpochs ?? warmupEpochs) * stepsPerEpoch;
  const own = {
    cosine: { minimum },
    constant: {},
    step: { every, factor, minimum },
    plateau: { patience, factor, mode, minimum },
  };
  return new LearningRatePolicy({
    policy,
    peak: learningRate,
    epochs,
    stepsPerEpoch,
    warmupSteps: Math.min(warmup, Math.floor(epochs * stepsPerEpoch / 5)),
    ...own[policy],
  });
}
