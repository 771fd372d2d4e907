import { isImageFiles, type TrainingData } from "../data/image_files.ts";
import type { HardwareSnapshot } from "../hardware/snapshot.ts";
import { findQuantumLayer, type HybridModel } from "../model/hybrid_model.ts";
import { tfjs } from "../tensors/tf.ts";
import type { FitOptions } from "./fit_options.ts";
import { fitSettings } from "./fit_settings.ts";
import type { PreflightFinding } from "./preflight_finding.ts";

const MIB = 2 ** 20, GIB = 2 ** 30;

/** A 32-bit WebAssembly memory ends here, whatever the machine has. */
const WASM_BYTES = 4 * GIB;

/** From this share on it is tight: the estimate does not know what else will run. */
const TIGHT = 0.7;

/** Bytes that a training needs at the same time. */
export interface MemoryEstimate {
  /** Weights, gradients, moments of the optimizer, and the copy of the best epoch. */
  readonly weights: number;
  /** Outputs of all layers for the largest batch, kept for the way back, and their gradients. */
  readonly batch: number;
  /** State vectors of the largest batch. */
  readonly states: number;
  /** Images of both splits, one byte a value. */
  readonly images: number;
}

/** A training's memory, from shapes alone. */
export function estimateMemory(
  model: HybridModel,
  { train, val }: Pick<TrainingData, "train" | "val">,
  options: FitOptions,
): MemoryEstimate {
  const most = Math.min(
    train.count,
    Math.max(...options.stages.map((stage) => stage.batchSize ?? fitSettings(options).batchSize)),
  );
  let weights = 0, outputs = 0;
  for (const layer of model.network.layers) {
    for (const { shape } of layer.weights) weights += volume(shape);
    outputs += [layer.output].flat().reduce((sum, { shape }) => sum + volume(shape), 0);
  }
  const quantum = options.stages.some(({ heads }) => heads.includes("quantum"));
  const wires = findQuantumLayer(model)?.circuit.wires;
  const states = quantum && wires !== undefined ? 2 ** wires : 0;
  return {
    weights: weights * 4 * 5,
    batch: outputs * most * 4 * 2,
    // State, co-state and scratch, two f32 numbers an amplitude.
    states: states * most * 3 * 8,
    images: bytesOf(train, options) + val.images.byteLength,
  };
}

/** Images in files take memory by the batch only; threads see a copy of those in memory. */
function bytesOf(
  train: TrainingData["train"],
  { dataWorkers = 0, ...options }: FitOptions,
): number {
  if (isImageFiles(train)) return 0;
  const { replicas } = fitSettings(options);
  const isCopied = dataWorkers > 0 || replicas > 1;
  return train.images.byteLength * (isCopied ? 2 : 1);
}

/** Whether the estimate fits the machine and the backend. */
export function memoryFindings(
  model: HybridModel,
  data: TrainingData,
  { fit, hardware }: { readonly fit: FitOptions; readonly hardware: HardwareSnapshot },
): PreflightFinding[] {
  const { weights, batch, states, images } = estimateMemory(model, data, fit);
  const tensors = weights + batch;
  const isWasm = tfjs().getBackend() === "wasm";
  return [
    ...finding(tensors + states + images, usable(hardware), "this machine has left"),
    ...isWasm ? finding(tensors, WASM_BYTES, "the wasm backend can hold") : [],
  ];
}

function finding(bytes: number, limit: number, what: string): PreflightFinding[] {
  if (bytes <= TIGHT * limit) return [];
  return [{
    level: bytes > limit ? "error" : "warning",
    message: `the training needs about ${size(bytes)}, and ${what} ${size(limit)}`,
    fix: "take a smaller batchSize, smaller images or fewer filters",
  }];
}

/** The least of what is known; nothing known is no reason to warn. */
function usable({ memory }: HardwareSnapshot): number {
  const known = [memory.availableBytes, memory.cgroupLimitBytes]
    .flatMap((probe) => probe.status === "ok" ? [probe.value] : []);
  return Math.min(...known);
}

/** The batch axis is null. */
function volume(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, size) => product * (size ?? 1), 1);
}

function size(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.ceil(bytes / MIB)} MiB`;
}
