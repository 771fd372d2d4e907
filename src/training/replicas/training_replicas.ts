import { sourceOf } from "../../data/pipeline/batch_source.ts";
import { lossShareOf } from "./share_out.ts";
import { ReplicaPool, type ReplicaPoolOptions } from "./replica_pool.ts";
import type { StageDecision } from "./decide_replicas.ts";
import { StageReplicas, type StageReplicasOptions } from "./stage_replicas.ts";

/** The replicas of a training: started by the first stage that uses any, ended with the training. */
export class TrainingReplicas {
  /** By stage. */
  readonly decisions: readonly StageDecision[];
  readonly #options: Omit<ReplicaPoolOptions, "count">;
  #pool: ReplicaPool | undefined;
  #stage: StageReplicas | undefined;

  constructor(decisions: readonly StageDecision[], options: Omit<ReplicaPoolOptions, "count">) {
    this.decisions = decisions;
    this.#options = options;
  }

  /** Begins a stage on all its replicas; null for one that trains on the model alone. */
  async begin(
    stageIndex: number,
    options: Pick<StageReplicasOptions, "stage" | "memory" | "statistics" | "rows">,
  ): Promise<StageReplicas | null> {
    const count = this.decisions[stageIndex].used;
    if (count === 1) return null;
    if (this.#pool?.count !== count) {
      await this.close();
      this.#pool = await ReplicaPool.open({ ...this.#options, count });
    }
    const { model, settings, train } = this.#options;
    const source = sourceOf(train);
    const lossShare = lossShareOf(settings.loss, model.classes.length);
    const given = { ...options, model, settings, source, lossShare };
    return this.#stage = await StageReplicas.begin(this.#pool!, given);
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    this.#stage?.close();
    await this.#pool?.close();
    this.#stage = this.#pool = undefined;
  }
}
