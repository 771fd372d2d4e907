import type { ClassDiversePicks, ClassPick } from "./class_diverse_picks.ts";
import type { RotatingPicks } from "./rotating_picks.ts";

/** A pick with the names of its classes. */
export interface ManifestPick extends ClassPick {
  /** Name of the true class. */
  readonly className: string;
  /** Name of the predicted class, or null. */
  readonly predictedName: string | null;
  /** Whether every epoch shows it; null when the panel does not rotate. */
  readonly part: "fixed" | "rotating" | null;
}

/** How a panel was chosen, as plain JSON. Numbers that JSON does not have are null. */
export interface PickManifest {
  /** Name and version of this form. */
  readonly schema: "qsight.picks/1";
  /** The seed that was given. */
  readonly seed: number | string;
  /** Strategies in the order of their turns. */
  readonly strategies: ClassDiversePicks["strategies"];
  /** What was shared out evenly. */
  readonly quota: ClassDiversePicks["quota"];
  /** Class names in class order. */
  readonly classes: readonly string[];
  /** Rows asked for; null when there was no bound. */
  readonly requested: number | null;
  /** Rows picked. */
  readonly picked: number;
  /** What became of the rows. */
  readonly counts: {
    /** Rows looked at. */
    readonly scanned: number;
    /** Rows beyond `maxRows`. */
    readonly unscanned: number;
    /** Rows without a label. */
    readonly unlabelled: number;
    /** Rows without a prediction where the quota needs one. */
    readonly unpredicted: number;
    /** Rows with an unusable score. */
    readonly unscored: number;
  };
  /** Classes (cells, distances) that have rows. */
  readonly groups: readonly {
    /** As in `groups` of the picks. */
    readonly name: string;
    /** Rows there are. */
    readonly rows: number;
    /** Rows asked for; null when there was no bound. */
    readonly wanted: number | null;
    /** Rows picked. */
    readonly got: number;
    /** Whether it had fewer rows than wanted. */
    readonly short: boolean;
  }[];
  /** Names of those that have none. */
  readonly missing: readonly string[];
  /** For {@linkcode rotatingPicks}, otherwise null. */
  readonly rotation: RotatingPicks["rotation"] | null;
  /** The picks in their order. */
  readonly picks: readonly ManifestPick[];
}

/**
 * Says how picks were chosen and why each of them, as a plain value to save beside the pictures. It
 * is the same before and after a round trip through JSON.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pickClassDiverse, pickManifest } from "@qsight/qsight/sampling";
 *
 * const yTrue = [0, 0, 1], yPred = [0, 1, 1];
 * const picks = pickClassDiverse({ yTrue, yPred, seed: 1, classes: ["healthy", "ill", "unclear"] });
 * const manifest = pickManifest(picks);
 * assert.deepEqual(manifest.missing, ["unclear"]);
 * assert.equal(manifest.picks[1].className, "ill");
 * assert.equal(
 *   manifest.picks[1].why,
 *   "number 1 of 1 in class ill, drawn with seed 1, predicted right",
 * );
 * assert.deepEqual(JSON.parse(JSON.stringify(manifest)), manifest);
 * ```
 */
export function pickManifest(picks: ClassDiversePicks | RotatingPicks): PickManifest {
  const { seed, strategies, quota, classes, requested, groups } = picks;
  const { scanned, unscanned, unlabelled, unpredicted, unscored } = picks;
  const rotation = "rotation" in picks ? picks.rotation : null;
  return {
    schema: "qsight.picks/1",
    seed,
    strategies: [...strategies],
    quota,
    classes: [...classes],
    requested: finite(requested),
    picked: picks.picks.length,
    counts: { scanned, unscanned, unlabelled, unpredicted, unscored },
    groups: groups.filter(({ state }) => state !== "missing").map((group) => ({
      name: group.name,
      rows: group.rows,
      wanted: finite(group.wanted),
      got: group.got,
      short: group.state === "short",
    })),
    missing: groups.filter(({ state }) => state === "missing").map(({ name }) => name),
    rotation: rotation && { ...rotation },
    picks: picks.picks.map((pick, i) => ({
      ...pick,
      score: finite(pick.score),
      className: classes[pick.class],
      predictedName: pick.predicted === null ? null : classes[pick.predicted] ?? null,
      part: rotation === null ? null : i < rotation.fixed ? "fixed" : "rotating",
    })),
  };
}

function finite(value: number | null): number | null {
  // -0 is the other number that JSON does not keep.
  return value === null || !Number.isFinite(value) ? null : value + 0;
}
