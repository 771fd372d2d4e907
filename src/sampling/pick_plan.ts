import { unknownName } from "../_internal/check_options.ts";
import { STRATEGIES, type Strategy } from "./measures.ts";
import { type Group, groupsOf, type Quota, QUOTAS } from "./quota_groups.ts";

/** What decides how many rows are picked, and which. */
export interface PickOptions {
  /** Rows of each class. @default {2}, or no bound when `total` is given */
  readonly perClass?: number;
  /** Rows of each cell or distance, where `quota` says so. @default as `perClass` */
  readonly perGroup?: number;
  /** Rows altogether, spread evenly over what is present, the rarest first. @default no bound */
  readonly total?: number;
  /** Equal seeds pick equal ids. */
  readonly seed: number | string;
  /**
   * How rows of one class are chosen; of a list, its strategies take turns. `hardest` and `boundary`
   * go by `probabilities` (or `hardest` by `scores`), `typical` and `diverse` by `embeddings`,
   * `typical` without them by the median. @default {"random"}
   */
  readonly strategy?: Strategy | readonly Strategy[];
  /**
   * What is shared out evenly: classes, cells of the confusion matrix, or distances
   * |true − predicted| of ordered classes, the largest first. @default {"class"}
   */
  readonly quota?: Quota;
  /** Rows looked at; the rest is only counted. Which these are depends on the order. @default all */
  readonly maxRows?: number;
}

/** The keys of {@linkcode PickOptions}. */
export const PICK_OPTIONS = [
  "perClass",
  "perGroup",
  "total",
  "seed",
  "strategy",
  "quota",
  "maxRows",
] as const;

/** Options with their defaults, checked. */
export interface PickPlan {
  /** The function that errors name. */
  readonly where: string;
  readonly names: readonly string[];
  readonly quota: Quota;
  readonly groups: readonly Group[];
  readonly strategies: readonly Strategy[];
  readonly seed: number | string;
  readonly perGroup: number;
  readonly total: number;
  readonly maxRows: number;
}

/**
 * Fills in and checks what was left out.
 *
 * @throws {RangeError} when an option is out of range
 * @throws {TypeError} when there is no seed
 */
export function planPicks(
  where: string,
  options: PickOptions & { readonly classes: number | readonly string[] },
): PickPlan {
  const { classes, total, seed, quota = "class", strategy = "random", maxRows } = options;
  const names = typeof classes === "number"
    ? Array.from({ length: atLeast(where, { classes }, 1) }, (_, c) => String(c))
    : [...classes];
  if (!QUOTAS.includes(quota)) {
    throw new RangeError(unknownName(where, "quota", String(quota), QUOTAS));
  }
  checkSeedGiven(where, seed);
  return {
    where,
    names,
    quota,
    groups: groupsOf(quota, names),
    strategies: checkStrategies(where, strategy),
    seed,
    perGroup: rowsPerGroup(where, options, quota),
    total: total === undefined ? Infinity : atLeast(where, { total }, 0),
    maxRows: maxRows === undefined || maxRows === Infinity
      ? Infinity
      : atLeast(where, { maxRows }, 0),
  };
}

function rowsPerGroup(where: string, options: PickOptions, quota: Quota): number {
  const [name, other] = quota === "class" ? NAMES : NAMES.toReversed();
  if (options[other] !== undefined) {
    throw new RangeError(
      `${where}: found ${other} with quota "${quota}", wanted ${name}. Pass { ${name}: ` +
        `${options[other]} }, or the quota that ${other} belongs to`,
    );
  }
  const wanted = options[name] ?? (options.total === undefined ? 2 : Infinity);
  return wanted === Infinity ? wanted : atLeast(where, { [name]: wanted }, 1);
}

const NAMES = ["perClass", "perGroup"] as const;

function checkStrategies(where: string, strategy: Strategy | readonly Strategy[]): Strategy[] {
  const strategies = Array.isArray(strategy) ? [...strategy] : [strategy];
  for (const name of strategies) {
    if (STRATEGIES.includes(name)) continue;
    throw new RangeError(unknownName(where, "strategy", String(name), STRATEGIES));
  }
  if (strategies.length > 0) return strategies;
  throw new RangeError(
    `${where}: strategy is an empty list, wanted at least one. Pass e.g. { strategy: "random" }`,
  );
}

/** A seed that is no number would not repeat, and a manifest could not keep it. */
function checkSeedGiven(where: string, seed: unknown): void {
  if (typeof seed === "string" || (typeof seed === "number" && Number.isFinite(seed))) return;
  const found = seed === undefined ? "no seed" : `seed ${String(seed)}`;
  throw new TypeError(`${where}: found ${found}, wanted a number or text. Pass e.g. { seed: 1 }`);
}

/** A named whole number that is not too low. */
export function atLeast(where: string, named: Record<string, number>, lowest: number): number {
  const [name, value] = Object.entries(named)[0];
  if (Number.isInteger(value) && value >= lowest) return value;
  throw new RangeError(
    `${where}: ${name} is ${value}, wanted a whole number of at least ${lowest}. Pass e.g. { ${name}: ${
      Math.max(lowest, 2)
    } }`,
  );
}
