import type { Stage } from "./stage.ts";

/** What a stage asks of the policy for replicas. */
export interface StageReplicas {
  /** The heads that run, a sampler behind one of them perhaps. */
  readonly activeHeads: readonly string[];
  /** Copies of the model wanted; left out where the stage leaves it to the policy. */
  readonly asked?: number;
}

/**
 * What a stage asks of the policy for replicas, in the words of `replicaPolicy()`, so that the
 * policy follows from the same declaration as the mask.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { replicaPolicy } from "@qsight/qsight/sampler_lock";
 * import { defineStages, stageReplicas } from "@qsight/qsight/stages";
 * const [stage] = defineStages([
 *   { name: "q", epochs: 1, train: ["quantum"], heads: ["quantum"], replicas: 4 },
 * ]);
 * const { replicas } = replicaPolicy({ ...stageReplicas(stage), reentrant: false });
 * assert.equal(replicas, 1);
 * ```
 */
export function stageReplicas({ heads, replicas }: Stage): StageReplicas {
  return replicas === "auto" ? { activeHeads: heads } : { activeHeads: heads, asked: replicas };
}
