import { Buffer } from "node:buffer";
import { PLAIN, RELAXED } from "./simd_modules.ts";
import type { WasmBackend } from "./wasm_heap.ts";

/** Which instructions the kernels of this project use: with fused multiply-add, or without. */
export type SimdKind = "relaxed" | "plain";

/**
 * The functions of the module in `assembly/`, as they are documented there. All arguments are
 * addresses in the memory of the wasm backend, or numbers.
 */
export interface SimdKernels {
  adam(...numbers: readonly number[]): void;
  channelSums(...numbers: readonly number[]): void;
  convolve(...numbers: readonly number[]): void;
  depthwiseFilter(...numbers: readonly number[]): void;
  depthwiseInput(...numbers: readonly number[]): void;
  filterGradient(...numbers: readonly number[]): void;
  maxPool(...numbers: readonly number[]): void;
  maxPoolPairs(...numbers: readonly number[]): void;
  normalize(...numbers: readonly number[]): void;
  normalizeGradient(...numbers: readonly number[]): void;
  normalizePool(...numbers: readonly number[]): void;
  normalizeSums(...numbers: readonly number[]): void;
  packFilter(...numbers: readonly number[]): void;
  padRows(...numbers: readonly number[]): void;
  pixelTable(...numbers: readonly number[]): void;
  poolGradient(...numbers: readonly number[]): void;
  poolSums(...numbers: readonly number[]): void;
  reduceRows(...numbers: readonly number[]): void;
  reluGradient(...numbers: readonly number[]): void;
  segmentSum(...numbers: readonly number[]): void;
  unpackFilter(...numbers: readonly number[]): void;
  winograd(...numbers: readonly number[]): void;
  winogradFilter(...numbers: readonly number[]): void;
}

const CODE: Readonly<Record<SimdKind, string>> = { relaxed: RELAXED, plain: PLAIN };

/** The bytes of a module. */
export function simdModule(kind: SimdKind): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(CODE[kind], "base64"));
}

/** Whether this runtime can run a module: Node 20 has no relaxed SIMD. */
export function canRun(kind: SimdKind): boolean {
  return WebAssembly.validate(simdModule(kind));
}

/** The best that this runtime can run, or undefined where WebAssembly has no SIMD at all. */
export function bestSimd(): SimdKind | undefined {
  return (["relaxed", "plain"] as const).find(canRun);
}

interface Started {
  readonly instances: Partial<Record<SimdKind, SimdKernels>>;
  readonly current: SimdKernels;
}

const started = new WeakMap<WasmBackend, Started>();

/** Starts a module on the memory of a backend; {@linkcode simdKernels} gives it from then on. */
export function startSimdKernels(backend: WasmBackend, kind: SimdKind): SimdKernels {
  const before = started.get(backend);
  const current = before?.instances[kind] ?? instantiate(backend, kind);
  started.set(backend, { instances: { ...before?.instances, [kind]: current }, current });
  return current;
}

function instantiate(backend: WasmBackend, kind: SimdKind): SimdKernels {
  const module = new WebAssembly.Module(simdModule(kind));
  // The memory stays one object while it grows.
  const { memory } = backend.wasm.asm;
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as SimdKernels;
}

/** The kernels on the memory of a backend. */
export function simdKernels(backend: WasmBackend): SimdKernels {
  return started.get(backend)?.current ?? startSimdKernels(backend, bestSimd() ?? "plain");
}
