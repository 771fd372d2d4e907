import { fillFrom } from "../../data/pipeline/batch_source.ts";
import { labelsOf } from "../../data/batches.ts";
import type { HybridModel } from "../../model/hybrid_model.ts";
import { type AppliedStage, applyStage } from "../../stages/apply_stage.ts";
import type { Tensor2D } from "../../tensors/tf.ts";
import { GradientAccumulator } from "../accumulate_gradients.ts";
import { checkAugment } from "../../data/augment_image.ts";
import type { BatchChange } from "../../data/batch_plan.ts";
import type { CollapseState } from "../collapse_detector.ts";
import type { FitSettings } from "../fit_settings.ts";
import { writeWeights } from "../named_tensors.ts";
import { optimizerOf } from "../optimizer_of.ts";
import { StageLoss } from "../stage_loss.ts";
import { annealEpoch, maskPass } from "../stage_pass.ts";
import { restoreStepState, type StepMemory } from "../step_state.ts";
import { trainableVariables, trainStep } from "../train_step.ts";
import { type RestoreBatchNorm, setBatchNorm, type Statistics } from "./batch_norm.ts";
import { layoutOf, StageReplica } from "./replica.ts";
import {
  REPLICA_DEADLINE_MS,
  type ReplicaStart,
  type StageMessage,
  type StepMessage,
} from "./replica_messages.ts";
import { SharedGather } from "./shared_gather.ts";

/** One stage in the thread of a replica: the same steps as those of the caller's model. */
export class StageWorker {
  readonly #model: HybridModel;
  readonly #start: ReplicaStart;
  readonly #applied: AppliedStage;
  readonly #memory: StepMemory;
  readonly #loss: StageLoss;
  readonly #gather: SharedGather;
  readonly #replica: StageReplica;
  readonly #statistics: Statistics = { gather: null };
  readonly #restoreBatchNorm: RestoreBatchNorm;

  constructor(model: HybridModel, start: ReplicaStart, given: StageMessage) {
    const { stage } = given;
    const { settings, member, train } = start;
    this.#model = model;
    this.#start = start;
    writeWeights(model.network, given.weights);
    const statistics = this.#statistics;
    this.#restoreBatchNorm = setBatchNorm(model.network, { mode: settings.batchNorm, statistics });
    this.#applied = applyStage(model.network, stage);
    const every = stage.gradientAccumulation;
    const accumulator = every > 1 ? new GradientAccumulator(every) : undefined;
    this.#memory = { optimizer: optimizerOf(stage), accumulator };
    restoreStepState(model.network, this.#memory, given.state);
    this.#loss = new StageLoss(settings, { stage, train });
    this.#gather = new SharedGather(given.memory, { member, deadlineMs: REPLICA_DEADLINE_MS });
    const outputs = stage.heads.length + 1;
    const layout = layoutOf(trainableVariables(model), { outputs, classes: train.classes.length });
    this.#replica = new StageReplica(
      layout,
      (own) => Promise.resolve(this.#gather.gatherSync(own)),
    );
  }

  /** Names of the weights that train. */
  get names(): string[] {
    return this.#model.network.trainableWeights.map(({ originalName }) => originalName);
  }

  /** Sets what an epoch has of its own. */
  beginEpoch(epoch: number, collapse: CollapseState | null): void {
    maskPass(this.#model, this.#applied, "train");
    annealEpoch(this.#model, this.#applied, epoch);
    this.#loss.restore(collapse);
  }

  /** Its part of a batch. */
  async step({ plan, x, ...step }: StepMessage): Promise<void> {
    const { train, settings } = this.#start;
    const { optimizer, accumulator } = this.#memory;
    const { learningRate, maskKey, last } = step;
    const isPart = step.rows.total > plan.indices.length;
    this.#statistics.gather = isPart ? (own) => this.#gather.gatherSync(own) : null;
    const batch = {
      x: x ?? await fillFrom(train.source, plan, changeOf(settings)),
      y: labelsOf(train, plan.indices),
    };
    await trainStep(this.#model, batch, {
      ...{ stage: this.#applied.stage, loss: this.#loss.loss, optimizer, accumulator },
      ...{ learningRate, maskKey, last },
      terms: (logits: ReadonlyMap<string, Tensor2D>) => this.#loss.terms(logits),
      replica: this.#replica.at(step),
    });
  }

  /** The others shall not wait for it. */
  leave(): void {
    this.#gather.leave();
  }

  /** Frees what the stage remembers. */
  close(): void {
    this.#applied.restore();
    this.#restoreBatchNorm();
    this.#memory.optimizer.dispose();
    this.#memory.accumulator?.dispose();
  }
}

/** What is done to training images. */
export function changeOf({ seed, augment }: FitSettings): BatchChange {
  if (augment === false) return { seed, ranges: undefined };
  return { seed, ranges: checkAugment(augment === true ? {} : augment) };
}
