import { checkOptions } from "../_internal/check_options.ts";

/** Options of {@linkcode replicaPolicy}. */
export interface ReplicaPolicyOptions {
  /** Names of the heads that a stage runs. */
  readonly activeHeads: readonly string[];
  /** Which of them calls the sampler. @default {"quantum"} */
  readonly quantumHead?: string;
  /** Whether the sampler declares that calls may interleave. */
  readonly reentrant: boolean;
  /** Replicas wanted. @default {1} */
  readonly asked?: number;
  /** Replicas to use whatever the policy says; going against it is recorded as a warning. */
  readonly force?: number;
}

/** The answer of {@linkcode replicaPolicy}. */
export interface ReplicaDecision {
  /** Copies of the model that run at once. */
  readonly replicas: number;
  /** Why so many, in one sentence. */
  readonly reason: string;
  /** Present when a forced number goes against the policy. */
  readonly warning?: string;
}

/**
 * How many copies of a model may run at once. A stage with an active quantum head runs alone unless
 * its sampler is re-entrant: copies that enter one sampler from several places mix up its state.
 *
 * @throws {RangeError} when `asked` or `force` is not a whole number from 1
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { replicaPolicy } from "@qsight/qsight/sampler_lock";
 * const decision = replicaPolicy({ activeHeads: ["quantum"], reentrant: false, asked: 4 });
 * assert.equal(decision.replicas, 1);
 * ```
 */
export function replicaPolicy(options: ReplicaPolicyOptions): ReplicaDecision {
  checkOptions("replicaPolicy()", options, [
    "activeHeads",
    "quantumHead",
    "reentrant",
    "asked",
    "force",
  ]);
  const { activeHeads, quantumHead = "quantum", reentrant, asked = 1, force } = options;
  for (const [name, value] of [["asked", asked], ["force", force ?? 1]] as const) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `replicaPolicy(): ${name} must be a whole number from 1, found ${value}`,
      );
    }
  }
  const active = activeHeads.includes(quantumHead);
  const policy = decide(active, { quantumHead, reentrant, asked });
  if (force === undefined || force === policy.replicas) return policy;
  const reason =
    `${force} replicas were forced; without that: ${policy.replicas}, ${policy.reason}`;
  if (force === 1 || !active || reentrant) return { replicas: force, reason };
  return {
    replicas: force,
    reason,
    warning: `${force} replicas run although head "${quantumHead}" calls a sampler that is not ` +
      "re-entrant: results may be mixed up; leave force out",
  };
}

function decide(
  active: boolean,
  { quantumHead, reentrant, asked }: {
    readonly quantumHead: string;
    readonly reentrant: boolean;
    readonly asked: number;
  },
): ReplicaDecision {
  if (!active) return { replicas: asked, reason: `head "${quantumHead}" is not active` };
  if (reentrant) return { replicas: asked, reason: "the sampler declares itself re-entrant" };
  return {
    replicas: 1,
    reason: `head "${quantumHead}" is active and its sampler is not re-entrant`,
  };
}
