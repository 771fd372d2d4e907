import type { BatchPlan } from "../../data/batch_plan.ts";
import { type BatchSource, fillFrom } from "../../data/pipeline/batch_source.ts";
import type { HybridModel } from "../../model/hybrid_model.ts";
import type { Stage } from "../../stages/stage.ts";
import type { CollapseState } from "../collapse_detector.ts";
import type { FitSettings } from "../fit_settings.ts";
import { readWeights } from "../named_tensors.ts";
import { readStepState, type StepMemory } from "../step_state.ts";
import { type StepOptions, type StepResult, trainableVariables, trainStep } from "../train_step.ts";
import { mostChannels, type Statistics } from "./batch_norm.ts";
import { layoutOf, StageReplica } from "./replica.ts";
import { REPLICA_DEADLINE_MS } from "./replica_messages.ts";
import type { ReplicaPool } from "./replica_pool.ts";
import { MemberLeftError, SharedGather, sharedGatherMemory } from "./shared_gather.ts";
import { type LossShare, shareOut } from "./share_out.ts";
import { changeOf } from "./stage_worker.ts";

/** Steps between two comparisons of all weights, besides that at the start of each epoch. */
const COMPARE_EVERY = 50;

/** What a stage with replicas begins with. */
export interface StageReplicasOptions {
  readonly model: HybridModel;
  readonly stage: Stage;
  readonly memory: StepMemory;
  readonly settings: FitSettings;
  readonly source: BatchSource;
  /** The door of the model's own batch normalisations. */
  readonly statistics: Statistics;
  /** Images in its largest batch. */
  readonly rows: number;
  /** What an image's loss counts. */
  readonly lossShare: LossShare;
}

/** A batch that is decided, its images perhaps not filled yet. */
export interface PlannedBatch {
  readonly plan: BatchPlan;
  readonly y: Int32Array;
  /** Undefined where each replica fills its own part. */
  readonly x?: Float32Array;
}

/** All replicas in one stage, from the side of the caller's model, which is replica 0. */
export class StageReplicas {
  readonly #pool: ReplicaPool;
  readonly #options: StageReplicasOptions;
  readonly #gather: SharedGather;
  readonly #replica: StageReplica;

  /** Resolves when all replicas have begun the stage. */
  static async begin(pool: ReplicaPool, options: StageReplicasOptions): Promise<StageReplicas> {
    const { model, stage, memory, rows, settings: { batchNorm } } = options;
    const outputs = stage.heads.length + 1;
    const layout = layoutOf(trainableVariables(model), { outputs, classes: model.classes.length });
    const channels = batchNorm === "synchronized" ? mostChannels(model.network) : 0;
    const shared = sharedGatherMemory(
      pool.count,
      Math.max(layout.capacity(rows), 1 + 2 * channels),
    );
    const state = await readStepState(model.network, memory);
    const weights = await readWeights(model.network);
    const given = { stage, memory: shared, weights, state };
    for (let i = 1; i < pool.count; i++) pool.tell(i, { kind: "stage", stage: given });
    const names = model.network.trainableWeights.map(({ originalName }) => originalName).join();
    for (const answer of await pool.answers("staged")) {
      if (answer.names.join() === names) continue;
      throw new Error(
        `fit: in stage "${stage.name}" another replica trains ${answer.names.join()}, the model ` +
          `${names}: a saved copy of it differs; pass replicas: 1`,
      );
    }
    const how = { member: 0, deadlineMs: REPLICA_DEADLINE_MS };
    return new StageReplicas(pool, options, { layout, gather: new SharedGather(shared, how) });
  }

  private constructor(
    pool: ReplicaPool,
    options: StageReplicasOptions,
    { layout, gather }: { layout: ReturnType<typeof layoutOf>; gather: SharedGather },
  ) {
    this.#pool = pool;
    this.#options = options;
    this.#gather = gather;
    this.#replica = new StageReplica(layout, (own) => this.#whole(gather.gather(own)));
  }

  /** Lets the replicas follow into an epoch, from 1. */
  beginEpoch(epoch: number, collapse: CollapseState | null): void {
    this.#tellAll(() => ({ kind: "epoch", epoch, collapse }));
  }

  /** One step of all replicas on a batch. */
  async step({ plan, y, x }: PlannedBatch, how: StepOptions): Promise<StepResult> {
    const { model, source, settings, statistics, lossShare } = this.#options;
    const { learningRate, maskKey, last } = how;
    const parts = shareOut(y, { count: this.#pool.count, lossShare });
    const compare = plan.step % COMPARE_EVERY === 0;
    const size = source.width * source.height * 3;
    const pixels = (member: number) => {
      const { rows: { first }, count } = parts[member];
      return x?.subarray(first * size, (first + count) * size);
    };
    this.#tellAll((member) => {
      const { rows, share, count } = parts[member];
      const own = part(plan, { first: rows.first, count });
      const step = { plan: own, rows, share, compare, learningRate, maskKey, last };
      return { kind: "step", step: { ...step, x: pixels(member)?.slice() } };
    });
    const [{ rows, share, count }] = parts;
    const isPart = rows.total > count;
    statistics.gather = isPart ? (own) => this.#gather.gatherSync(own) : null;
    const own = part(plan, { first: 0, count });
    const batch = {
      x: pixels(0) ?? await fillFrom(source, own, changeOf(settings)),
      y: y.subarray(0, count),
    };
    try {
      const replica = this.#replica.at({ rows, share, compare });
      return await this.#whole(trainStep(model, batch, { ...how, replica }));
    } finally {
      statistics.gather = null;
    }
  }

  /** Lets nobody wait any more. */
  close(): void {
    for (let member = 0; member < this.#pool.count; member++) this.#gather.leave(member);
  }

  #tellAll(message: (member: number) => Parameters<ReplicaPool["tell"]>[1]): void {
    for (let member = 1; member < this.#pool.count; member++) {
      this.#pool.tell(member, message(member));
    }
  }

  /** A replica that left says why in a message, which may come a little later. */
  async #whole<T>(work: Promise<T>): Promise<T> {
    try {
      return await this.#pool.orFailure(work);
    } catch (error) {
      if (!(error instanceof MemberLeftError)) throw error;
      const late = new Promise<never>((_, reject) => setTimeout(() => reject(error), 1000));
      return await this.#pool.orFailure(late);
    }
  }
}

function part(
  { indices, samples, epoch, step }: BatchPlan,
  { first, count }: { readonly first: number; readonly count: number },
): BatchPlan {
  const [start, end] = [first, first + count];
  return { indices: indices.slice(start, end), samples: samples.slice(start, end), epoch, step };
}
