import type { HardwareSnapshot } from "./snapshot.ts";

/** The kinds of machine that settings are made for. */
export type ProfileName =
  | "gpu-large"
  | "gpu-medium"
  | "gpu-small"
  | "cpu-large"
  | "cpu-medium"
  | "cpu-small";

/** Settings that fit a machine. */
export interface RecommendedSettings {
  /** Kind of machine: by the largest single GPU that WebGPU reaches, else by CPUs and memory. */
  readonly profile: ProfileName;
  /** Backend to ask for first; whether it really computes is found out when it is opened. */
  readonly backend: "webgpu" | "wasm" | "cpu";
  /** Images a training step. */
  readonly batchSize: number;
  /** Processes or threads that can train side by side, at least 1. */
  readonly workers: number;
  /** Copies of one model among which a batch can be shared out; `replicaPolicy()` may allow fewer. */
  readonly replicas: number;
  /** Sampler to ask `openSampler()` for. */
  readonly quantumBackend: "wasm-relaxed" | "wasm-plain" | "typescript";
  /** Most wires whose batched state vectors fit in memory; time may ask for fewer. */
  readonly quantumWires: number;
}

/** What fits a machine, and why. */
export interface Recommendation extends RecommendedSettings {
  /** One sentence for each setting. */
  readonly why: Readonly<Record<keyof RecommendedSettings, string>>;
  /** The sentences of `why`, in the order of the settings. */
  readonly reasons: readonly string[];
  /** Settings that rest on an assumed fact, because the probe could not tell. */
  readonly assumed: readonly (keyof RecommendedSettings)[];
}

const GIB = 2 ** 30;

/** Memory that one training process may take before another is started beside it. */
const BYTES_PER_WORKER = 2 * GIB;

/** More than this many workers has not paid on any machine measured. */
const MOST_WORKERS = 8;

/** Batch normalisation of fewer images a copy is too noisy. */
const IMAGES_PER_REPLICA = 8;

/** A 32-bit WebAssembly memory ends at 4 GiB; a quarter of it is left to state vectors. */
const MOST_STATE_BYTES = GIB;

/**
 * Settings that fit a machine. Pure: the same snapshot gives the same answer. GPU memory is that
 * of the largest single GPU, never a sum, because a batch lives on one device.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { probeHardware, recommend } from "@qsight/qsight/hardware";
 *
 * const { workers, batchSize, why } = recommend(await probeHardware());
 * assert.ok(workers >= 1 && batchSize >= 8);
 * assert.match(why.batchSize, /^Batch size \d+: /);
 * ```
 */
export function recommend(snapshot: HardwareSnapshot): Recommendation {
  const memory = usableMemory(snapshot);
  const backend = chooseBackend(snapshot);
  const gpu = backend.value === "webgpu" ? largestGpu(snapshot, memory) : undefined;
  const batchSize = chooseBatchSize(gpu, memory);
  const workers = chooseWorkers(snapshot, memory);
  const choices: { readonly [K in keyof RecommendedSettings]: Choice<RecommendedSettings[K]> } = {
    profile: chooseProfile(snapshot, { gpu, memory }),
    backend,
    batchSize,
    workers,
    replicas: chooseReplicas(gpu, { workers, batchSize }),
    quantumBackend: chooseSampler(snapshot),
    quantumWires: chooseWires(batchSize, memory),
  };
  const names = Object.keys(choices) as (keyof RecommendedSettings)[];
  const each = <T>(pick: (choice: Choice<unknown>) => T) =>
    Object.fromEntries(names.map((name) => [name, pick(choices[name])]));
  const why = each(({ reason }) => reason) as Recommendation["why"];
  return {
    ...each(({ value }) => value) as unknown as RecommendedSettings,
    why,
    reasons: Object.values(why),
    assumed: names.filter((name) => choices[name].assumed === true),
  };
}

interface Choice<T> {
  readonly value: T;
  readonly reason: string;
  /** Whether it rests on a fact that had to be assumed. */
  readonly assumed?: boolean;
}

/** The least of available memory and the control group's limit; 4 GiB when nothing is known. */
function usableMemory({ memory }: HardwareSnapshot): Choice<number> {
  const known = [memory.availableBytes, memory.cgroupLimitBytes, memory.totalBytes]
    .flatMap((probe) => probe.status === "ok" ? [probe.value] : []);
  if (known.length === 0) {
    return { value: 4 * GIB, reason: "assumed 4.0 GiB of memory", assumed: true };
  }
  const value = Math.min(...known);
  return { value, reason: `${(value / GIB).toFixed(1)} GiB of memory` };
}

function chooseBackend(
  { webgpu, simd, gpus }: HardwareSnapshot,
): Choice<RecommendedSettings["backend"]> {
  if (webgpu.status === "ok" && !webgpu.value.software) {
    return { value: "webgpu", reason: `Backend webgpu: ${webgpu.value.description}` };
  }
  const why = webgpu.status === "ok"
    ? `${webgpu.value.description} computes on the CPU`
    : webgpu.reason;
  const names = gpus.status === "ok" ? gpus.value.map(({ name }) => name).join(", ") : "";
  const card = names === ""
    ? ""
    : `; ${names} is reached by TensorFlow's C library, where that is installed`;
  return simd.simd ? { value: "wasm", reason: `Backend wasm with SIMD: ${why}${card}` } : {
    value: "cpu",
    reason: `Backend cpu: ${why}, and this engine has no WebAssembly SIMD${card}`,
  };
}

function chooseSampler(
  { simd }: HardwareSnapshot,
): Choice<RecommendedSettings["quantumBackend"]> {
  const value = simd.relaxed ? "wasm-relaxed" : simd.simd ? "wasm-plain" : "typescript";
  return {
    value,
    reason: `Quantum backend ${value}: exact, on the CPU whatever GPU there is, re-entrant`,
  };
}

/** Makers whose adapters are none of the cards that nvidia-smi lists. */
const OTHER_MAKER = /intel|\bamd\b|radeon|apple|\barm\b|mali|adreno|qualcomm/i;

/** The memory of the largest single GPU that the adapter can be; assumed where none tells it. */
function largestGpu({ gpus, webgpu }: HardwareSnapshot, memory: Choice<number>): Choice<number> {
  const { description, vendor } = webgpu.value ?? { description: "", vendor: "" };
  const other = OTHER_MAKER.test(`${vendor} ${description}`);
  const cards = gpus.status === "ok" && !other ? gpus.value : [];
  const sizes = cards.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  if (sizes.length > 0) {
    const value = Math.max(...sizes);
    return { value, reason: `the largest GPU has ${(value / GIB).toFixed(1)} GiB` };
  }
  // An integrated GPU has no more than the machine.
  const value = Math.min(8 * GIB, memory.value);
  const size = (value / GIB).toFixed(1);
  return { value, reason: `GPU memory unknown, assumed ${size} GiB`, assumed: true };
}

/** Cards of nominal 8 and 16 GiB report a little less. */
function gpuSize(bytes: number): "large" | "medium" | "small" {
  return bytes >= 15 * GIB ? "large" : bytes >= 7.5 * GIB ? "medium" : "small";
}

function chooseProfile(
  { cpu }: HardwareSnapshot,
  { gpu, memory }: { readonly gpu?: Choice<number>; readonly memory: Choice<number> },
): Choice<ProfileName> {
  if (gpu !== undefined) {
    const value = `gpu-${gpuSize(gpu.value)}` as const;
    return { value, reason: `Profile ${value}: ${gpu.reason}`, assumed: gpu.assumed };
  }
  const size = cpu.usable >= 8 && memory.value >= 16 * GIB
    ? "large"
    : cpu.usable === 1 || memory.value < 4 * GIB
    ? "small"
    : "medium";
  const value = `cpu-${size}` as const;
  const reason = `Profile ${value}: ${cpusOf(cpu)}, ${memory.reason}`;
  return { value, reason, assumed: isAssumed(cpu) || memory.assumed };
}

function chooseBatchSize(
  gpu: Choice<number> | undefined,
  memory: Choice<number>,
): Choice<number> {
  const value = gpu === undefined
    ? memory.value < 4 * GIB ? 16 : 32
    : { large: 64, medium: 32, small: 16 }[gpuSize(gpu.value)];
  const { reason, assumed } = gpu ?? memory;
  return { value, reason: `Batch size ${value}: ${reason}`, assumed };
}

function chooseReplicas(
  gpu: Choice<number> | undefined,
  { workers, batchSize }: Record<"workers" | "batchSize", Choice<number>>,
): Choice<number> {
  if (gpu !== undefined) {
    return {
      value: 1,
      reason: "1 replica: WebGPU gives one adapter, however many cards there are",
    };
  }
  const shares = Math.floor(batchSize.value / IMAGES_PER_REPLICA);
  const value = Math.max(1, Math.min(workers.value, shares));
  const why = workers.value <= shares
    ? "one for each worker"
    : `of a batch of ${batchSize.value} each should have ${IMAGES_PER_REPLICA} images or more`;
  return {
    value,
    reason: `${value} ${value === 1 ? "replica" : "replicas"}: ${why}`,
    assumed: workers.assumed || batchSize.assumed,
  };
}

/** The probe's own word for it. */
function isAssumed({ reason }: HardwareSnapshot["cpu"]): boolean {
  return reason.startsWith("Assumed");
}

function cpusOf({ usable, reason }: HardwareSnapshot["cpu"]): string {
  return `${usable} usable ${usable === 1 ? "CPU" : "CPUs"} (${reason})`;
}

function chooseWorkers({ cpu }: HardwareSnapshot, memory: Choice<number>): Choice<number> {
  const byMemory = Math.floor(memory.value / BYTES_PER_WORKER);
  const value = Math.max(1, Math.min(cpu.usable, byMemory, MOST_WORKERS));
  const plural = value === 1 ? "worker" : "workers";
  return {
    value,
    reason: `${value} ${plural}: ${cpusOf(cpu)}, ${memory.reason}`,
    assumed: isAssumed(cpu) || memory.assumed,
  };
}

/** Three state vectors a sample (state, co-state, scratch) of 2^wires complex f32 numbers. */
function chooseWires(batch: Choice<number>, memory: Choice<number>): Choice<number> {
  const bytes = Math.min(memory.value / 8, MOST_STATE_BYTES);
  const fit = Math.floor(Math.log2(bytes / (batch.value * 3 * 8)));
  const value = Math.max(4, Math.min(fit, 20));
  return {
    value,
    reason: `Up to ${value} wires: batches of ${batch.value} state vectors, ${memory.reason}`,
    assumed: batch.assumed || memory.assumed,
  };
}
