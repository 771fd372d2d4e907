import { applyRetention } from "./retention/apply_retention.ts";
import { planRetention } from "./retention/plan_retention.ts";
import type { RetentionPolicy } from "./retention/policy.ts";
import type { RetentionOutcome } from "./run.ts";

/** What {@linkcode retainRuns} needs of the run that has ended. */
export interface RetainOptions {
  readonly root: string;
  readonly id: string;
  readonly clock: () => Date;
  readonly retention?: RetentionPolicy;
  readonly onRetention?: (outcome: RetentionOutcome) => void | Promise<void>;
}

/** Applies the retention of a run that has ended. Never throws: the run is whole without it. */
export async function retainRuns(options: RetainOptions): Promise<void> {
  if (options.retention === undefined) return;
  const outcome = await retain(options.retention, options);
  try {
    await options.onRetention?.(outcome);
  } catch {
    // Whoever listens is not part of the run.
  }
}

async function retain(
  policy: RetentionPolicy,
  { root, id, clock }: RetainOptions,
): Promise<RetentionOutcome> {
  let plan;
  try {
    plan = await planRetention(root, policy, { now: clock(), protect: [id] });
    return { plan, report: await applyRetention(plan) };
  } catch (error) {
    return { plan, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
