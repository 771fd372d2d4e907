import { checkOptions } from "../_internal/check_options.ts";
import type { ClassesOptions } from "./accuracy.ts";
import { checkClasses, checkLabels, checkProbabilities, type Labels } from "./check_labels.ts";
import { meanDefined } from "./classification_report.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/** One-vs-rest areas under the ROC curve. */
export interface RocAuc {
  /** One per class, in class order; undefined where the class, or every other one, is absent. */
  readonly perClass: readonly Metric[];
  /** Unweighted mean over the classes where it is defined. */
  readonly macro: Metric;
  /** Number of classes in the mean. */
  readonly definedClasses: number;
}

/**
 * Area under the ROC curve of each class against the rest: the chance that a row of the class gets a
 * higher probability for it than a row of another class, ties counting half (Mann and Whitney).
 * `probabilities` is flat, rows × classes; any scores that order rows will do.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rocAuc } from "@qsight/qsight/metrics";
 *
 * const auc = rocAuc([0, 0, 1], [0.9, 0.1, 0.4, 0.6, 0.4, 0.6], { classes: 2 });
 * assert.deepEqual(auc.perClass.map((one) => one.value), [0.75, 0.75]);
 * ```
 */
export function rocAuc(yTrue: Labels, probabilities: Labels, options: ClassesOptions): RocAuc {
  const where = "rocAuc()";
  checkOptions(where, options, ["classes"]);
  const { classes } = options;
  checkClasses(where, classes);
  checkLabels(where, yTrue, classes);
  checkProbabilities(where, probabilities, { rows: yTrue.length, classes });
  return new RankedScores(yTrue, probabilities, classes).auc();
}

/**
 * The scores of each class, ranked once, so that a bootstrap needs one pass and no sorting for each
 * resample.
 */
export class RankedScores {
  readonly #yTrue: Labels;
  readonly #classes: number;
  /** Per class: rows by ascending score, and whether a row ties with the one before; null with NaN. */
  readonly #ranked: readonly ({ order: Uint32Array; tied: Uint8Array } | null)[];

  constructor(yTrue: Labels, probabilities: Labels, classes: number) {
    this.#yTrue = yTrue;
    this.#classes = classes;
    this.#ranked = Array.from({ length: classes }, (_, c) => {
      const scores = Float64Array.from(yTrue, (_, row) => probabilities[row * classes + c]);
      if (scores.some(Number.isNaN)) return null;
      const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
      const tied = Uint8Array.from(
        order,
        (row, i) => i > 0 && scores[row] === scores[order[i - 1]] ? 1 : 0,
      );
      return { order, tied };
    });
  }

  /** The areas; `copies[row]` says how often a row counts (once by default). */
  auc(copies?: Labels): RocAuc {
    const perClass = Array.from({ length: this.#classes }, (_, c) => this.#classAuc(c, copies));
    const definedClasses = perClass.filter(({ value }) => value !== null).length;
    return { perClass, macro: meanDefined(perClass), definedClasses };
  }

  #classAuc(target: number, copies: Labels | undefined): Metric {
    const ranked = this.#ranked[target];
    if (ranked === null) return notDefined(`a probability of class ${target} is NaN`);
    const { order, tied } = ranked;
    // Walking up the scores: each positive wins against the negatives below it, and half against
    // the negatives of its own group of equal scores.
    let positives = 0, negatives = 0, wins = 0, groupPositives = 0, groupNegatives = 0;
    const closeGroup = () => {
      wins += groupPositives * (negatives + groupNegatives / 2);
      positives += groupPositives;
      negatives += groupNegatives;
      groupPositives = groupNegatives = 0;
    };
    for (let i = 0; i < order.length; i++) {
      if (tied[i] === 0) closeGroup();
      const weight = copies === undefined ? 1 : copies[order[i]];
      if (this.#yTrue[order[i]] === target) groupPositives += weight;
      else groupNegatives += weight;
    }
    closeGroup();
    if (positives === 0) return notDefined(`class ${target} has no rows`);
    if (negatives === 0) return notDefined(`every row is of class ${target}`);
    return defined(wins / (positives * negatives));
  }
}
