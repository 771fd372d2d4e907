import type { LossName } from "../loss_names.ts";
import { checkImbalance, type ImbalanceOptions } from "../check_imbalance.ts";
import type { TrainConfig } from "./train_config.ts";

/** Two keys that contradict each other, so that one of them would do nothing or harm. */
export interface ConfigConflict {
  /** Such as `["fit.loss", "fit.gamma"]`. */
  readonly keys: readonly string[];
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
}

/** Losses that smooth their labels. */
const SMOOTHING: readonly LossName[] = ["cross_entropy", "class_balanced"];

/** Keys of a configuration that cannot both be meant. Loads no package. */
export function findConflicts({ data, model, stages, fit }: TrainConfig): ConfigConflict[] {
  const found: ConfigConflict[] = [];
  const add = (keys: readonly string[], message: string, remedy: string) =>
    void found.push({ keys, message, remedy });
  const { loss = "cross_entropy", imbalance, allowSeveral, labelSmoothing = 0, gamma } = fit;
  const several = faultOf({ loss, imbalance, allowSeveral });
  if (several !== undefined) {
    add(["fit.loss", "fit.imbalance"], several, "Leave fit.imbalance out, or choose another loss");
  }
  if (gamma !== undefined && loss !== "focal_class_balanced") {
    add(
      ["fit.gamma", "fit.loss"],
      `gamma does nothing with the loss "${loss}"`,
      `Leave fit.gamma out, or set fit.loss to "focal_class_balanced"`,
    );
  }
  if (labelSmoothing > 0 && !SMOOTHING.includes(loss)) {
    add(
      ["fit.labelSmoothing", "fit.loss"],
      `labelSmoothing does nothing with the loss "${loss}"`,
      `Leave fit.labelSmoothing out, or set fit.loss to "cross_entropy"`,
    );
  }
  if ((model.ordinal === true) !== (loss === "corn")) {
    add(
      ["model.ordinal", "fit.loss"],
      model.ordinal === true
        ? `heads that answer by steps are trained with the loss "${loss}"`
        : `the loss "corn" is for heads that answer by steps, and model.ordinal is not set`,
      `Set model.ordinal to true and fit.loss to "corn", or neither`,
    );
  }
  const encoder = typeof model.encoder === "object" ? model.encoder.name : model.encoder;
  if (model.filters !== undefined && (encoder ?? "convnet") !== "convnet") {
    add(
      ["model.filters", "model.encoder"],
      `filters are those of the convnet, and the encoder is "${encoder}"`,
      "Leave model.filters out",
    );
  }
  const { wires, layers, circuit } = model;
  if (circuit !== undefined && (wires ?? layers) !== undefined) {
    add(
      ["model.circuit", wires === undefined ? "model.layers" : "model.wires"],
      "a circuit has its own wires and layers",
      "Leave model.wires and model.layers out",
    );
  }
  const sides = [data.imageSize, model.imageSize];
  if (sides[0] !== sides[1] && !sides.includes(undefined)) {
    add(
      ["data.imageSize", "model.imageSize"],
      `images of ${sides[0]} pixels for a model of ${sides[1]}`,
      "Leave model.imageSize out: it follows the data",
    );
  }
  const distilled = fit.quantumLoss?.distillation !== undefined;
  if (distilled && !stages.some(({ heads }) => heads.includes("quantum") && heads.length > 1)) {
    add(
      ["fit.quantumLoss", "stages"],
      "no stage has both the quantum head and a teacher active",
      "Add a head to a stage with the quantum head, or leave fit.quantumLoss.distillation out",
    );
  }
  return found;
}

/** What the check of a training says of several corrections; other faults are not of two keys. */
function faultOf(options: ImbalanceOptions): string | undefined {
  try {
    checkImbalance(options);
  } catch (error) {
    if (error instanceof RangeError) return error.message.split(". ")[0];
  }
  return undefined;
}
