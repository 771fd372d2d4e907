import { findQuantumLayer, type HybridModel } from "../../model/hybrid_model.ts";
import { threadCopyOf } from "../../quantum/thread_copies.ts";
import { type ReplicaDecision, replicaPolicy } from "../../sampler_lock/replica_policy.ts";
import { QUANTUM } from "../stage_loss.ts";
import type { Stage } from "../../stages/stage.ts";
import { stageReplicas } from "../../stages/stage_replicas.ts";
import { tfjs } from "../../tensors/tf.ts";
import type { FitSettings } from "../fit_settings.ts";

/** How many copies of the model a stage trains on, and why. */
export interface StageDecision extends ReplicaDecision {
  /** Name of the stage. */
  readonly stage: string;
  /** What the stage asks for; "auto" for what `fit()` was told. */
  readonly asked: Stage["replicas"];
  /** How many the training uses. */
  readonly used: number;
}

/** The backends that compute in the thread that asks. */
const OWN_THREAD = ["wasm", "cpu"];

/**
 * How many replicas a stage trains on: as many as it asks for, else as `fit()` was told, if the policy
 * of the sampler allows it and nothing stands in the way of copying the model to other threads.
 */
export function decideReplicas(
  model: HybridModel,
  { stage, settings }: { readonly stage: Stage; readonly settings: FitSettings },
): StageDecision {
  // Without a circuit there is nothing that could be entered twice.
  const { reentrant } = findQuantumLayer(model)?.simulator ?? { reentrant: true };
  const policy = replicaPolicy({ asked: settings.replicas, ...stageReplicas(stage), reentrant });
  const found = { stage: stage.name, asked: stage.replicas, ...policy };
  if (policy.replicas === 1) return { ...found, used: 1 };
  const obstacle = obstacleTo(policy.replicas, { model, stage, settings });
  return obstacle === undefined
    ? { ...found, used: policy.replicas }
    : { ...found, used: 1, reason: `${policy.reason}, but ${obstacle}` };
}

function obstacleTo(
  replicas: number,
  { model, stage, settings }: { model: HybridModel; stage: Stage; settings: FitSettings },
): string | undefined {
  const simulator = findQuantumLayer(model)?.simulator;
  const backend = tfjs().getBackend();
  if (!OWN_THREAD.includes(backend)) {
    return `backend "${backend}" has one device, which threads cannot share`;
  }
  const isAsked = stage.heads.includes(QUANTUM) && simulator !== undefined;
  if (isAsked && threadCopyOf(simulator) === undefined) {
    return `simulator "${simulator.name}" was given to the model and cannot be copied to a thread`;
  }
  const batchSize = stage.batchSize ?? settings.batchSize;
  if (batchSize >= 2 * replicas) return undefined;
  return `of a batch of ${batchSize} each of ${replicas} would have fewer than 2 images`;
}
