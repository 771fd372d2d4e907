import { floatTensor, pluginValue, type SummaryValue } from "./event.ts";
import { message, whole } from "./protobuf.ts";

/** Answers of a two-class decision. */
export interface PrCurveInput {
  /** 1 or true where the class is there, 0 or false where it is not. */
  readonly yTrue: ArrayLike<number | boolean>;
  /** Probability of the class, 0 to 1, in the same order. */
  readonly scores: ArrayLike<number>;
  /** Thresholds from 0 to 1, 2 at least. @default {201} */
  readonly thresholds?: number;
}

/** So that an empty class gives 0 and not NaN; the plugin's own value. */
const MINIMUM_COUNT = 1e-7;

/**
 * A precision-recall curve as the plugin `pr_curves` reads it: rows of true positives, false
 * positives, true negatives, false negatives, precision and recall by rising threshold.
 *
 * Source: tensorboard/plugins/pr_curve/summary.py at 2.21.0.
 *
 * @throws {RangeError} for other lengths, scores outside 0 to 1 and less than 2 thresholds
 */
export function prCurveValue(
  tag: string,
  { yTrue, scores, thresholds = 201 }: PrCurveInput,
): SummaryValue {
  checkInput({ yTrue, scores, thresholds });
  const truePositives = new Float64Array(thresholds), falsePositives = new Float64Array(thresholds);
  for (let i = 0; i < scores.length; i++) {
    const bucket = Math.floor(scores[i] * (thresholds - 1));
    (yTrue[i] ? truePositives : falsePositives)[bucket]++;
  }
  for (let i = thresholds - 2; i >= 0; i--) {
    truePositives[i] += truePositives[i + 1];
    falsePositives[i] += falsePositives[i + 1];
  }
  const rows = new Float32Array(6 * thresholds);
  for (let i = 0; i < thresholds; i++) {
    const [tp, fp] = [truePositives[i], falsePositives[i]];
    const [tn, fn] = [falsePositives[0] - fp, truePositives[0] - tp];
    const precision = tp / Math.max(MINIMUM_COUNT, tp + fp);
    const recall = tp / Math.max(MINIMUM_COUNT, tp + fn);
    [tp, fp, tn, fn, precision, recall].forEach((value, row) => rows[row * thresholds + i] = value);
  }
  const content = message(whole(2, thresholds));
  return pluginValue(tag, {
    plugin: "pr_curves",
    content,
    tensor: floatTensor(rows, [6, thresholds]),
  });
}

function checkInput({ yTrue, scores, thresholds }: Required<PrCurveInput>): void {
  if (yTrue.length !== scores.length) {
    throw new RangeError(
      `prCurve(): found ${yTrue.length} labels and ${scores.length} scores, wanted one of each an ` +
        `image: pass both in the same order`,
    );
  }
  if (!Number.isInteger(thresholds) || thresholds < 2) {
    throw new RangeError(
      `prCurve(): thresholds is ${thresholds}, wanted a whole number of 2 at least: pass e.g. 201`,
    );
  }
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] >= 0 && scores[i] <= 1) continue;
    throw new RangeError(
      `prCurve(): score ${i} is ${scores[i]}, wanted 0 to 1: pass probabilities, not logits`,
    );
  }
}
