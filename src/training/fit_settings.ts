// Needs no package, so that a configuration can be checked where none is installed.
import type { FitOptions } from "./fit_options.ts";

/** All option names of fit(). */
export const FIT_OPTIONS: readonly string[] = [
  "stages",
  "batchSize",
  "loss",
  "labelSmoothing",
  "gamma",
  "imbalance",
  "allowSeveral",
  "collapse",
  "quantumLoss",
  "augment",
  "mixup",
  "warmupEpochs",
  "seed",
  "replicas",
  "batchNorm",
  "dataWorkers",
  "prefetch",
  "run",
  "lock",
  "callbacks",
  "progress",
  "signal",
  "stopFile",
  "stopOnInterrupt",
  "onExisting",
  "allowOtherBackend",
  "checkpointEverySteps",
  "initFrom",
  "now",
];

/** The options that have a default, completed. */
export type FitSettings = Required<
  Pick<
    FitOptions,
    | "batchSize"
    | "loss"
    | "labelSmoothing"
    | "gamma"
    | "imbalance"
    | "collapse"
    | "quantumLoss"
    | "augment"
    | "mixup"
    | "warmupEpochs"
    | "seed"
    | "replicas"
    | "batchNorm"
  >
>;

/** The one place of the defaults. */
export function fitSettings(
  {
    batchSize = 32,
    loss = "cross_entropy",
    labelSmoothing = 0,
    gamma = 2,
    imbalance = "none",
    collapse = null,
    quantumLoss = null,
    augment = true,
    mixup = null,
    warmupEpochs = 2,
    seed = 0,
    replicas = 1,
    batchNorm = "replica",
  }: FitOptions,
): FitSettings {
  const losses = { loss, labelSmoothing, gamma, imbalance, collapse, quantumLoss };
  return { batchSize, ...losses, augment, mixup, warmupEpochs, seed, replicas, batchNorm };
}
