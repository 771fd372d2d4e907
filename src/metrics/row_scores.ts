import { accuracyOf, balancedAccuracyOf } from "./accuracy.ts";
import { adaptiveOver, SortedConfidences } from "./adaptive_calibration.ts";
import { calibrationOver } from "./calibration.ts";
import type { Labels } from "./check_labels.ts";
import { classificationReportOf } from "./classification_report.ts";
import { cohenKappaOf } from "./cohen_kappa.ts";
import { countPairs } from "./confusion_matrix.ts";
import { brier, logLoss } from "./log_loss.ts";
import { type Metric, notDefined } from "./metric.ts";
import { referableOf } from "./referable.ts";
import { RankedScores, type RocAuc } from "./roc_auc.ts";

/** The metrics of a summary that are single numbers, in the order of {@linkcode RowScores.figures}. */
export const NAMES = [
  "accuracy",
  "balancedAccuracy",
  "quadraticWeightedKappa",
  "macroAuc",
  "logLoss",
  "brier",
  "expectedCalibrationError",
  "maximumCalibrationError",
  "adaptiveCalibrationError",
  "macroF1",
] as const;
export type MetricName = typeof NAMES[number];

/** What is known of each row, so that a resample costs no sorting and no logarithm. */
export class RowScores {
  readonly #yTrue: Labels;
  readonly #probabilities: Labels;
  readonly #options: {
    readonly classes: number;
    readonly bins: number;
    readonly yPred: readonly number[];
    readonly referableFrom?: number;
  };
  readonly #ranked: RankedScores;
  readonly #sorted: SortedConfidences;
  readonly #losses: Float64Array;
  readonly #squares: Float64Array;
  readonly #copies: Float64Array;

  constructor(
    yTrue: Labels,
    probabilities: Labels,
    options: {
      readonly classes: number;
      readonly bins: number;
      /** -1 for a row that holds NaN. */
      readonly yPred: readonly number[];
      readonly referableFrom?: number;
    },
  ) {
    const { classes } = options;
    this.#yTrue = yTrue;
    this.#probabilities = probabilities;
    this.#options = options;
    this.#ranked = new RankedScores(yTrue, probabilities, classes);
    this.#sorted = new SortedConfidences(yTrue, probabilities, classes);
    const each = (metric: typeof logLoss) =>
      Float64Array.from(options.yPred, (_, row) => {
        const one = Array.from({ length: classes }, (_, c) => probabilities[row * classes + c]);
        return metric([yTrue[row]], one, { classes }).value ?? NaN;
      });
    this.#losses = each(logLoss);
    this.#squares = each(brier);
    this.#copies = new Float64Array(yTrue.length);
  }

  /** Areas under the ROC curves of all rows. */
  auc(): RocAuc {
    return this.#ranked.auc();
  }

  /**
   * The metrics of {@linkcode NAMES}; then recall, F1 and AUC of each class; then sensitivity and
   * specificity of referral where they were asked for. `rows` restricts (and repeats) the rows.
   */
  figures(rows?: Int32Array): Metric[] {
    const { classes, bins, yPred, referableFrom } = this.#options;
    const all = rows ?? Int32Array.from(yPred.keys());
    const confusion = countPairs(this.#yTrue, yPred, classes, all);
    this.#copies.fill(0);
    for (const row of all) this.#copies[row]++;
    const auc = this.#ranked.auc(this.#copies);
    const report = classificationReportOf(confusion);
    const sizes = { classes, bins, rows: all };
    const { value, maximum, reason } = calibrationOver(this.#yTrue, this.#probabilities, sizes);
    const referable = referableFrom === undefined ? null : referableOf(confusion, referableFrom);
    return [
      accuracyOf(confusion),
      balancedAccuracyOf(confusion),
      cohenKappaOf(confusion, "quadratic"),
      auc.macro,
      mean(this.#losses, all),
      mean(this.#squares, all),
      { value, reason },
      { value: maximum, reason },
      adaptiveOver(this.#sorted, { bins, copies: this.#copies }),
      report.macro.f1,
      ...report.perClass.flatMap(({ recall, f1 }, c) => [recall, f1, auc.perClass[c]]),
      ...referable === null ? [] : [referable.sensitivity, referable.specificity],
    ];
  }

  /** As many metrics as {@linkcode figures} has, none of them defined. */
  brokenBy(invalid: number): Metric[] {
    const { classes, yPred, referableFrom } = this.#options;
    const length = NAMES.length + 3 * classes + (referableFrom === undefined ? 0 : 2);
    const reason = `${invalid} of ${yPred.length} rows hold NaN or infinite probabilities`;
    return Array.from({ length }, () => notDefined(reason));
  }
}

function mean(values: Float64Array, rows: Int32Array): Metric {
  if (rows.length === 0) return notDefined("there are no rows");
  let sum = 0;
  for (const row of rows) sum += values[row];
  return { value: sum / rows.length, reason: null };
}
