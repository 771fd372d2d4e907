import { checkOptions } from "../../_internal/check_options.ts";
import { completeMetric, type RunMetric } from "../run_figures.ts";

/**
 * Which runs stay. A run goes when a rule was given (`keepLast`, `keepBest`, `olderThanDays`) and none of
 * the rules keeps it; `maxBytes` then takes more, the oldest first, but never one of the best. The
 * newest finished run, pinned runs, released models and runs without a manifest always stay.
 */
export interface RetentionPolicy {
  /** Keeps the newest so many runs. @default none are kept for that */
  readonly keepLast?: number;
  /** Keeps the best so many runs by `metric`. @default none are kept for that */
  readonly keepBest?: number;
  /** What best means: a name, or all parts. @default {"balancedAccuracy"} of the ensemble, on val */
  readonly metric?: string | RunMetric;
  /** Keeps runs that ended less than so many days ago. @default none are kept for that */
  readonly olderThanDays?: number;
  /** Most bytes of all runs together. @default no limit */
  readonly maxBytes?: number;
  /**
   * Inside runs that stay: removes `epoch_NN` folders of figures and checkpoints, but for each k-th and
   * the last epoch of each stage. @default all epochs stay
   */
  readonly every?: number;
  /** Packs a run into `archive/<id>.tar.gz` and verifies that before it goes. @default {false} */
  readonly archive?: boolean;
  /**
   * Also takes runs that ended without a manifest, as a killed process leaves them. They cannot be
   * archived. @default {false}
   */
  readonly unended?: boolean;
}

const POLICY = [
  "keepLast",
  "keepBest",
  "metric",
  "olderThanDays",
  "maxBytes",
  "every",
  "archive",
  "unended",
];

/**
 * Refuses a policy that says nothing clear.
 *
 * @throws {TypeError} on an unknown key, or a metric without a name
 * @throws {RangeError} on numbers that cannot be counts, days or bytes
 */
export function checkPolicy(where: string, policy: RetentionPolicy): void {
  checkOptions(where, policy, POLICY);
  const { metric } = policy;
  for (const [key, least] of [["keepLast", 0], ["keepBest", 0], ["every", 1]] as const) {
    const value = policy[key];
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) continue;
    throw new RangeError(
      `${where}: ${key} is ${value}, wanted a whole number of at least ${least}: pass e.g. 5`,
    );
  }
  for (const key of ["olderThanDays", "maxBytes"] as const) {
    const value = policy[key];
    if (value === undefined || (Number.isFinite(value) && value >= 0)) continue;
    throw new RangeError(
      `${where}: ${key} is ${value}, wanted a number of at least 0: pass e.g. 30, or leave it out`,
    );
  }
  if (metric === undefined) return;
  if (typeof metric === "object") {
    checkOptions(`${where}: metric`, metric, ["name", "split", "head", "better"]);
  }
  const { name, better } = completeMetric(metric);
  if (typeof name !== "string" || name === "" || !["higher", "lower"].includes(better)) {
    throw new TypeError(
      `${where}: metric is ${JSON.stringify(metric)}, wanted a name: pass e.g. "accuracy" or ` +
        `{ name: "loss", better: "lower" }`,
    );
  }
}
