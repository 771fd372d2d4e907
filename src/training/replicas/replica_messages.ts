import type { BatchPlan } from "../../data/batch_plan.ts";
import type { BatchSource } from "../../data/pipeline/batch_source.ts";
import type { ThreadCopy } from "../../quantum/thread_copies.ts";
import type { Stage } from "../../stages/stage.ts";
import type { OpenTensorsOptions } from "../../tensors/select_backend.ts";
import type { CollapseState } from "../collapse_detector.ts";
import type { FitSettings } from "../fit_settings.ts";
import type { NamedTensor } from "../named_tensors.ts";
import type { StepState } from "../step_state.ts";
import type { ReplicaStep } from "./replica.ts";
import type { SharedGatherMemory } from "./shared_gather.ts";

/** The training images without what only one thread needs. */
export interface ReplicaImages {
  readonly source: BatchSource;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
}

/** What the thread of a replica is started with. */
export interface ReplicaStart {
  /** From 1: the model of the caller is replica 0. */
  readonly member: number;
  readonly tensors: OpenTensorsOptions;
  /** Folder of the saved model, to be read before it answers. */
  readonly folder: string;
  /** Of its simulator; undefined where no stage with replicas asks one. */
  readonly simulator: ThreadCopy | undefined;
  readonly settings: FitSettings;
  readonly train: ReplicaImages;
}

/** What a replica is told. */
export type ReplicaMessage =
  | { readonly kind: "stage"; readonly stage: StageMessage }
  | { readonly kind: "epoch"; readonly epoch: number; readonly collapse: CollapseState | null }
  | { readonly kind: "step"; readonly step: StepMessage };

/** Everything that a stage begins with. */
export interface StageMessage {
  readonly stage: Stage;
  readonly memory: SharedGatherMemory;
  readonly weights: readonly NamedTensor[];
  readonly state: StepState;
}

/** A replica's part of a batch. */
export interface StepMessage extends ReplicaStep {
  readonly plan: BatchPlan;
  /** Its images, where they are filled already. */
  readonly x?: Float32Array;
  readonly learningRate: number;
  readonly maskKey: string;
  readonly last: boolean;
}

/** What a replica answers. */
export type ReplicaAnswer =
  | { readonly kind: "ready" }
  /** Names of the weights that train, in the order of their gradients. */
  | { readonly kind: "staged"; readonly names: readonly string[] }
  | { readonly kind: "failed"; readonly message: string };

/** The longest that a replica waits for the others within a step, in milliseconds. */
export const REPLICA_DEADLINE_MS = 300_000;
