import { joinFloats } from "../_internal/join_floats.ts";
import { accuracy, balancedAccuracy } from "../metrics/accuracy.ts";
import { argMaxRows } from "../metrics/arg_max.ts";
import { cohenKappa } from "../metrics/cohen_kappa.ts";
import { rocAuc } from "../metrics/roc_auc.ts";
import type { EpochRow, TrainingState } from "./callback.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FitSettings } from "./fit_settings.ts";
import { meanLoss } from "./losses.ts";
import type { NamedTensor } from "./named_tensors.ts";
import { softmaxRows } from "./softmax_rows.ts";
import type { StepResult } from "./train_step.ts";
import type { TallyRecord } from "./training_record.ts";

/** What the training batches of an epoch said, by output; sums over samples, so that a short last batch counts as it should. */
export class TrainTally {
  readonly #classes: number;
  readonly #lossSums = new Map<string, number>();
  readonly #logits = new Map<string, Float32Array[]>();
  readonly #labels: Int32Array[] = [];
  #count = 0;

  constructor(classes: number) {
    this.#classes = classes;
  }

  /** Adds one batch. */
  add({ heads, losses, logits }: StepResult, labels: Int32Array): void {
    this.#count += labels.length;
    this.#labels.push(labels);
    heads.forEach((head, i) => {
      this.#lossSums.set(head, (this.#lossSums.get(head) ?? 0) + losses[i] * labels.length);
      const parts = this.#logits.get(head) ?? [];
      parts.push(logits[i]);
      this.#logits.set(head, parts);
    });
  }

  /** Its sums, and the logits as tensors by output, to go on later. */
  state(): { record: TallyRecord; tensors: NamedTensor[] } {
    const tensors = Array.from(this.#logits, ([name, parts]) => {
      const values = joinFloats(parts);
      return { name, shape: [values.length], values };
    });
    const record = {
      count: this.#count,
      labels: Array.from(this.#allLabels()),
      lossSums: Object.fromEntries(this.#lossSums),
    };
    return { record, tensors };
  }

  /** Goes on from the sums of another one. */
  restore({ record, tensors }: { record: TallyRecord; tensors: readonly NamedTensor[] }): void {
    this.#count = record.count;
    this.#labels.splice(0, Infinity, Int32Array.from(record.labels));
    for (const { name, values } of tensors) {
      this.#logits.set(name, [values]);
      this.#lossSums.set(name, record.lossSums[name]);
    }
  }

  #allLabels(): Int32Array {
    return Int32Array.from(this.#labels.flatMap((labels) => Array.from(labels)));
  }

  /** Mean loss of an output over the samples so far. */
  meanLoss(head: string): number {
    return (this.#lossSums.get(head) ?? 0) / Math.max(1, this.#count);
  }

  /** The outputs seen, with their probabilities and mean losses. */
  outputs(): {
    yTrue: Int32Array;
    heads: { head: string; loss: number; probabilities: Float32Array }[];
  } {
    const yTrue = this.#allLabels();
    const heads = Array.from(this.#logits, ([head, parts]) => ({
      head,
      loss: this.meanLoss(head),
      probabilities: softmaxRows(joinFloats(parts), this.#classes),
    }));
    return { yTrue, heads };
  }
}

/** The rows of metrics.jsonl for one epoch: both splits, each active head and the ensemble. */
export function epochRows(
  state: TrainingState,
  { tally, validation, settings: { loss: name, labelSmoothing, gamma } }: {
    tally: TrainTally;
    validation: Evaluation;
    settings: FitSettings;
  },
): EpochRow[] {
  const classes = validation.classes.length;
  const train = tally.outputs();
  const rows = train.heads.map(({ head, loss, probabilities }) =>
    row(state, { split: "train", head, loss, yTrue: train.yTrue, probabilities, classes })
  );
  for (const [head, probabilities] of Object.entries(validation.heads)) {
    if (probabilities === null) continue;
    const { yTrue } = validation;
    const loss = meanLoss(name, yTrue, { probabilities, classes, labelSmoothing, gamma });
    rows.push(row(state, { split: "val", head, loss, yTrue, probabilities, classes }));
  }
  return rows;
}

function row(
  { stage, epoch }: TrainingState,
  { split, head, loss, yTrue, probabilities, classes }: {
    split: "train" | "val";
    head: string;
    loss: number;
    yTrue: Int32Array;
    probabilities: Float32Array;
    classes: number;
  },
): EpochRow {
  const yPred = argMaxRows(probabilities, classes);
  return {
    stage: stage.name,
    epoch,
    split,
    head,
    loss,
    accuracy: accuracy(yTrue, yPred).value ?? NaN,
    balancedAccuracy: balancedAccuracy(yTrue, yPred, { classes }).value,
    quadraticWeightedKappa: cohenKappa(yTrue, yPred, { classes, weights: "quadratic" }).value,
    macroAuc: rocAuc(yTrue, probabilities, { classes }).macro.value,
  };
}
