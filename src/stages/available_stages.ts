import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { ENSEMBLE, type StageDeclaration } from "./stage.ts";

/** Options of {@linkcode availableStages}. */
export interface AvailableStagesOptions {
  /** All heads that a plan may name. */
  readonly heads: readonly string[];
  /** Those that the model at hand has. */
  readonly available: readonly string[];
}

/** A plan cut down to the heads at hand. */
export interface AvailableStages {
  /** For {@linkcode defineStages}. */
  readonly declarations: readonly StageDeclaration[];
  /** Each stage that is skipped or goes on with fewer heads, and why. */
  readonly changes: readonly {
    /** Name of the stage. */
    readonly stage: string;
    /** Whether it is left out altogether. */
    readonly skipped: boolean;
    /** In one sentence. */
    readonly reason: string;
  }[];
}

/**
 * Cuts a plan down to the heads that a model has, so that no stage trains on a head that is not
 * there: without any of its heads a stage is skipped, otherwise it goes on with the others. What was
 * changed is said, for the record of the run.
 *
 * @throws {TypeError} for a head that is not among all heads: that is a mistake, not an absence
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { availableStages, defaultStages } from "@qsight/qsight/stages";
 * const { declarations, changes } = availableStages(defaultStages(), {
 *   heads: ["classical_a", "classical_b", "quantum"],
 *   available: ["classical_a", "classical_b"],
 * });
 * assert.deepEqual(declarations.map(({ name }) => name), ["classical", "ensemble"]);
 * assert.match(changes[0].reason, /quantum is not available/);
 * ```
 */
export function availableStages(
  declarations: readonly StageDeclaration[],
  options: AvailableStagesOptions,
): AvailableStages {
  checkOptions("availableStages()", options, ["heads", "available"]);
  const { heads, available } = options;
  const left: StageDeclaration[] = [];
  const changes: AvailableStages["changes"][number][] = [];
  for (const declaration of declarations) {
    const unknown = declaration.heads.find((head) => !heads.includes(head));
    if (unknown !== undefined) {
      throw new TypeError(unknownName(`stage "${declaration.name}"`, "head", unknown, heads));
    }
    const absent = declaration.heads.filter((head) => !available.includes(head));
    const cut = without(declaration, absent);
    const skipped = cut.heads.length === 0 || cut.train.length === 0;
    if (!skipped) left.push(absent.length === 0 ? declaration : cut);
    if (absent.length === 0) continue;
    const reason = `${absent.join(", ")} is not available` +
      (skipped ? "" : `; the stage goes on with ${cut.heads.join(", ")}`);
    changes.push({ stage: declaration.name, skipped, reason });
  }
  return { declarations: left, changes };
}

/** A declaration without some heads, their loss weights, what trains in them, and their monitor. */
function without(declaration: StageDeclaration, absent: readonly string[]): StageDeclaration {
  const isAbsent = (head: string) => absent.includes(head);
  const { lossWeights, monitor, ...rest } = declaration;
  const kept = Object.entries(lossWeights ?? {}).filter(([head]) => !isAbsent(head));
  const watched = monitor?.split("/")[0] ?? ENSEMBLE;
  return {
    ...rest,
    heads: declaration.heads.filter((head) => !isAbsent(head)),
    train: declaration.train.filter((entry) => !isAbsent(entry.replace(/[_*]+$/, ""))),
    ...(lossWeights && { lossWeights: Object.fromEntries(kept) }),
    ...(monitor !== undefined && !isAbsent(watched) && { monitor }),
  };
}
