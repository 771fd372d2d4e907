import { checkOptions } from "../_internal/check_options.ts";
import { classCounts, type ImageSet } from "../data/image_set.ts";
import type { TrainingData } from "../data/image_files.ts";
import { probeHardware } from "../hardware/probe_hardware.ts";
import type { HardwareSnapshot } from "../hardware/snapshot.ts";
import { findQuantumLayer, type HybridModel } from "../model/hybrid_model.ts";
import { checkSet } from "./check_set.ts";
import { checkFit } from "./check_fit.ts";
import type { FitOptions } from "./fit_options.ts";
import { FIT_OPTIONS, fitSettings } from "./fit_settings.ts";
import { caught, type PreflightFinding } from "./preflight_finding.ts";
import { memoryFindings } from "./preflight_memory.ts";
import { stageFindings } from "./preflight_stages.ts";
import { decideReplicas } from "./replicas/decide_replicas.ts";
import { stepsOf } from "./train_epoch.ts";

/** Options of {@linkcode preflight}: those of `fit()`, and the machine. */
export interface PreflightOptions extends FitOptions {
  /** The machine to fit in. @default {probeHardware()} */
  readonly hardware?: HardwareSnapshot;
}

/**
 * Holds a training against its data and the machine before the first step, in well under a second:
 * classes and image size, each class in both splits, batch sizes, whether every stage trains
 * something, memory, the simulator's lock and copies. Nothing is computed and the model stays as it
 * is.
 *
 * @returns what was found, errors first; empty when all is well
 * @throws {TypeError} for an unknown option
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadData } from "@qsight/qsight/data";
 * import { hybridModel } from "@qsight/qsight/model";
 * import { defineStages } from "@qsight/qsight/stages";
 * import { openTensors } from "@qsight/qsight/tensors";
 * import { preflight } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const data = await loadData("synthetic", { count: 20, imageSize: 16, seed: 1 });
 * const fusion = "skip_ensemble";
 * const model = hybridModel({ classes: data.classes, imageSize: 16, filters: [4, 4], fusion });
 * const heads = ["classical_a", "classical_b"];
 * const stages = defineStages([{ name: "fuse", epochs: 1, train: ["ensemble*"], heads }]);
 * const [finding] = await preflight(model, data, { stages });
 * assert.equal(finding.level, "error");
 * assert.match(finding.message, /stage "fuse" trains nothing/);
 * ```
 */
export async function preflight(
  model: HybridModel,
  data: TrainingData,
  options: PreflightOptions,
): Promise<readonly PreflightFinding[]> {
  checkOptions("preflight", options, [...FIT_OPTIONS, "hardware"]);
  const { hardware, ...asked } = options;
  // What follows takes the sets to fit the model, and the options to be usable.
  const unfit = [data.train, data.val].flatMap((set) =>
    caught(() => checkSet("preflight", model, set))
  );
  if (unfit.length > 0) return unfit;
  const unusable = caught(() => checkFit(model, data, asked));
  if (unusable.length > 0) return unusable;
  const machine = hardware ?? await probeHardware();
  const findings = [
    ...classFindings(data),
    ...batchFindings(data.train, asked),
    ...asked.stages.flatMap((stage) => stageFindings(model, stage)),
    ...memoryFindings(model, data, { fit: asked, hardware: machine }),
    ...samplerFindings(model, asked),
  ];
  const of = (level: PreflightFinding["level"]) => findings.filter((x) => x.level === level);
  return [...of("error"), ...of("warning")];
}

function classFindings({ train, val, classes }: TrainingData): PreflightFinding[] {
  const missing = (set: Pick<ImageSet, "labels" | "classes">) => {
    const counts = classCounts(set);
    return classes.filter((_, i) => counts[i] === 0).join(", ");
  };
  const [inTrain, inVal] = [missing(train), missing(val)];
  return [
    ...inTrain === "" ? [] : [{
      level: "error" as const,
      message: `no training image is of ${inTrain}: it cannot be learned`,
      fix: "add images of it, or take it out of the classes",
    }],
    ...inVal === "" ? [] : [{
      level: "warning" as const,
      message: `no validation image is of ${inVal}: how well it is told apart stays unknown`,
      fix: "add images of it to the validation split, or keep more for it (valFraction)",
    }],
  ];
}

function batchFindings(
  { count }: Pick<ImageSet, "count">,
  options: FitOptions,
): PreflightFinding[] {
  const findings: PreflightFinding[] = count >= 2 ? [] : [{
    level: "error",
    message: `there is ${count} training image, and batch normalisation needs two`,
    fix: "add images",
  }];
  const { batchSize } = fitSettings(options);
  for (const stage of options.stages) {
    const { name, gradientAccumulation: together } = stage;
    if (stepsOf(stage, { count, batchSize }) > together) continue;
    const size = stage.batchSize ?? batchSize;
    findings.push({
      level: "warning",
      message:
        `stage "${name}": ${together === 1 ? "" : `${together} times `}${size} images a step ` +
        `of ${count} training images make an epoch a single step`,
      fix: `take a batchSize of ${Math.max(2, Math.floor(count / 4 / together))} or less`,
    });
  }
  return findings;
}

function samplerFindings(model: HybridModel, options: FitOptions): PreflightFinding[] {
  const { stages, lock } = options;
  // Without a circuit there is nothing that could be entered twice.
  const { reentrant } = findQuantumLayer(model)?.simulator ?? { reentrant: true };
  const findings: PreflightFinding[] = [];
  const settings = fitSettings(options);
  for (const stage of stages) {
    const { asked, used, reason } = decideReplicas(model, { stage, settings });
    const wanted = asked === "auto" ? settings.replicas : asked;
    if (used === wanted) continue;
    findings.push({
      level: "warning",
      message:
        `stage "${stage.name}": ${wanted} replicas are asked for, and ${used} is used: ${reason}`,
      fix: `give the stage replicas: ${used}`,
    });
  }
  const quantum = stages.filter(({ heads }) => heads.includes("quantum")).map(({ name }) => name);
  if (quantum.length > 0 && !reentrant && lock === undefined) {
    findings.push({
      level: "warning",
      message: `stage ${quantum.join(", ")}: the simulator is not re-entrant and no lock is held`,
      fix:
        `pass the lock that openSampler() returned, or leave the simulator to the training alone`,
    });
  }
  return findings;
}
