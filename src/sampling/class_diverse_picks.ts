// The types of the answer stand alone, with their unions spelt out, because `plots` passes them on
// and a reader of its documentation finds all of them there.

/** One picked row and the reason for it. */
export interface ClassPick {
  /** Position in the data as given. */
  readonly index: number;
  /** Stable name of the row. */
  readonly id: string;
  /** True class. */
  readonly class: number;
  /** Predicted class, or null when none was given. */
  readonly predicted: number | null;
  /** What chose it. */
  readonly strategy: "random" | "typical" | "hardest" | "boundary" | "diverse";
  /** Place in the order of that strategy within the class (cell, distance); 1 comes first. */
  readonly rank: number;
  /**
   * What it was ranked by: p(true), a score, a margin or a distance between embeddings. Null for
   * `random`, for the row that `diverse` starts from and where the row has no usable score.
   */
  readonly score: number | null;
  /** Why this row, in a sentence. */
  readonly why: string;
}

/** A class with fewer rows than were asked for. */
export interface ShortClass {
  /** True class. */
  readonly class: number;
  /** `perClass`; with `total`, how many rows its turn came for. */
  readonly wanted: number;
  /** Rows it gave. */
  readonly got: number;
}

/** Class-diverse picks, and what could not be had. */
export interface ClassDiversePicks {
  /** `picks.map((pick) => pick.index)`. */
  readonly indices: readonly number[];
  /**
   * In rounds: one row of each present class in class order, then a second one of each, and so on.
   * The first P picks thus are one of each of the P present classes. With another quota the rounds
   * go over `groups`.
   */
  readonly picks: readonly ClassPick[];
  /** Rows asked for. */
  readonly requested: number;
  /** Classes with at least one row. */
  readonly present: readonly number[];
  /** Classes without a row. They never hold the others back. */
  readonly missing: readonly number[];
  /** Present classes that had fewer rows than asked for; empty when the quota is not by class. */
  readonly short: readonly ShortClass[];
  /** What the quota counts, in the order of the picks; far-off errors first for `distance`. */
  readonly groups: readonly {
    /** Name of the class; `mild as severe` for a cell; the number for a distance. */
    readonly name: string;
    /** True class; null for a distance. */
    readonly class: number | null;
    /** Predicted class of a cell, otherwise null. */
    readonly predicted: number | null;
    /** |true − predicted| of a cell or distance, otherwise null. */
    readonly distance: number | null;
    /** Rows there are. */
    readonly rows: number;
    /** Rows asked for; with `total`, how many its turn came for. */
    readonly wanted: number;
    /** Rows picked. */
    readonly got: number;
    /** `missing` has no row, `short` fewer than wanted. */
    readonly state: "full" | "short" | "missing";
  }[];
  /** Class names in class order. */
  readonly classes: readonly string[];
  /** What was shared out evenly. */
  readonly quota: "class" | "cell" | "distance";
  /** Strategies in the order of their turns. */
  readonly strategies: readonly ("random" | "typical" | "hardest" | "boundary" | "diverse")[];
  /** The seed that was given. */
  readonly seed: number | string;
  /** Rows looked at. */
  readonly scanned: number;
  /** Rows beyond `maxRows`, not looked at. */
  readonly unscanned: number;
  /** Rows without a label; never picked. */
  readonly unlabelled: number;
  /** Labelled rows without a prediction, which therefore are in no cell; never picked. */
  readonly unpredicted: number;
  /** Labelled rows with an unusable score or embedding (NaN); picked last. */
  readonly unscored: number;
}
