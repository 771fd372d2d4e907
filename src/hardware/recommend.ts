import type { HardwareSnapshot } from "./snapshot.ts";

/** What fits a machine, and why. */
export interface Recommendation {
  /** Backend to ask for first; whether it really computes is found out when it is opened. */
  readonly backend: "webgpu" | "wasm" | "cpu";
  /** Images a training step. */
  readonly batchSize: number;
  /** Processes or threads that can train side by side, at least 1. */
  readonly workers: number;
  /** Most wires whose batched state vectors fit in memory; time may ask for fewer. */
  readonly quantumWires: number;
  /** One sentence for each decision; a value that had to be assumed says "assumed". */
  readonly reasons: readonly string[];
}

const GIB = 2 ** 30;

/** Memory that one training process may take before another is started beside it. */
const BYTES_PER_WORKER = 2 * GIB;

/** More than this many workers has not paid on any machine measured. */
const MOST_WORKERS = 8;

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
 * const { workers, batchSize, reasons } = recommend(await probeHardware());
 * assert.ok(workers >= 1 && batchSize >= 8 && reasons.length === 4);
 * ```
 */
export function recommend(snapshot: HardwareSnapshot): Recommendation {
  const memory = usableMemory(snapshot);
  const backend = chooseBackend(snapshot);
  const batch = chooseBatchSize(snapshot, backend.value, memory);
  const workers = chooseWorkers(snapshot, memory);
  const wires = chooseWires(batch.value, memory);
  return {
    backend: backend.value,
    batchSize: batch.value,
    workers: workers.value,
    quantumWires: wires.value,
    reasons: [backend.reason, batch.reason, workers.reason, wires.reason],
  };
}

interface Choice<T> {
  readonly value: T;
  readonly reason: string;
}

/** The least of available memory and the control group's limit; 4 GiB when nothing is known. */
function usableMemory({ memory }: HardwareSnapshot): Choice<number> {
  const known = [memory.availableBytes, memory.cgroupLimitBytes, memory.totalBytes]
    .flatMap((probe) => probe.status === "ok" ? [probe.value] : []);
  if (known.length === 0) return { value: 4 * GIB, reason: "assumed 4.0 GiB of memory" };
  const value = Math.min(...known);
  return { value, reason: `${(value / GIB).toFixed(1)} GiB of memory` };
}

function chooseBackend({ webgpu, simd }: HardwareSnapshot): Choice<Recommendation["backend"]> {
  if (webgpu.status === "ok" && !webgpu.value.software) {
    return { value: "webgpu", reason: `Backend webgpu: ${webgpu.value.description}` };
  }
  const why = webgpu.status === "ok"
    ? `${webgpu.value.description} computes on the CPU`
    : webgpu.reason;
  return simd.simd
    ? { value: "wasm", reason: `Backend wasm with SIMD: ${why}` }
    : { value: "cpu", reason: `Backend cpu: ${why}, and this engine has no WebAssembly SIMD` };
}

function chooseBatchSize(
  { gpus }: HardwareSnapshot,
  backend: Recommendation["backend"],
  memory: Choice<number>,
): Choice<number> {
  if (backend !== "webgpu") {
    const value = memory.value < 4 * GIB ? 16 : 32;
    return { value, reason: `Batch size ${value}: ${memory.reason}` };
  }
  const sizes = gpus.status === "ok" ? gpus.value.flatMap((gpu) => gpu.memoryBytes ?? []) : [];
  if (sizes.length === 0) {
    return { value: 32, reason: "Batch size 32: GPU memory unknown, assumed 8 GiB" };
  }
  const largest = Math.max(...sizes);
  // Cards of nominal 8 and 16 GiB report a little less.
  const value = largest >= 15 * GIB ? 64 : largest >= 7.5 * GIB ? 32 : 16;
  const size = (largest / GIB).toFixed(1);
  return { value, reason: `Batch size ${value}: the largest GPU has ${size} GiB` };
}

function chooseWorkers({ cpu }: HardwareSnapshot, memory: Choice<number>): Choice<number> {
  const byMemory = Math.floor(memory.value / BYTES_PER_WORKER);
  const value = Math.max(1, Math.min(cpu.usable, byMemory, MOST_WORKERS));
  const plural = value === 1 ? "worker" : "workers";
  return {
    value,
    reason: `${value} ${plural}: ${cpu.usable} usable CPUs (${cpu.reason}), ${memory.reason}`,
  };
}

/** Three state vectors a sample (state, co-state, scratch) of 2^wires complex f32 numbers. */
function chooseWires(batchSize: number, memory: Choice<number>): Choice<number> {
  const bytes = Math.min(memory.value / 8, MOST_STATE_BYTES);
  const fit = Math.floor(Math.log2(bytes / (batchSize * 3 * 8)));
  const value = Math.max(4, Math.min(fit, 20));
  return {
    value,
    reason: `Up to ${value} wires: batches of ${batchSize} state vectors, ${memory.reason}`,
  };
}
