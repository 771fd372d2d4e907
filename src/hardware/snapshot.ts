import type { Probe } from "./probe.ts";

/** One NVIDIA GPU as the driver describes it. */
export interface Gpu {
  /** Number the driver gives it, from 0. */
  readonly index: number;
  /** Product name. */
  readonly name: string;
  /**
   * Memory that one process can have on this GPU, in bytes: with MIG on, that of the largest
   * instance. Null when the driver does not say. Never a sum over GPUs.
   */
  readonly memoryBytes: number | null;
  /** Memory that is free now, in bytes; null when the driver does not say. */
  readonly freeBytes: number | null;
  /** Driver version, or null when the driver does not say. */
  readonly driver: string | null;
  /** Newest CUDA version that the driver serves, e.g. `12.6`; null when it does not say. */
  readonly cuda: string | null;
  /** Profiles of the MIG instances, e.g. `1g.5gb`; null when MIG is off or not supported. */
  readonly mig: readonly string[] | null;
}

/** What WebGPU would run on. */
export interface WebGpuAdapter {
  /** What the adapter says of itself. */
  readonly description: string;
  /** Vendor, or empty text. */
  readonly vendor: string;
  /** Architecture, or empty text. */
  readonly architecture: string;
  /** True for an adapter that computes on the CPU (llvmpipe, SwiftShader, WARP). */
  readonly software: boolean;
}

/** Processors this process may use. */
export interface CpuFacts {
  /** Logical processors of the machine. */
  readonly logical: Probe<number>;
  /** Processors in the affinity mask of this process. */
  readonly affinity: Probe<number>;
  /** Processors' worth of time the control group grants; may be a fraction. */
  readonly cgroupLimit: Probe<number>;
  /** The least of the three as a whole number, at least 1. */
  readonly usable: number;
  /** What decided `usable`; begins with "Assumed" when nothing could be read. */
  readonly reason: string;
}

/** Memory in bytes. */
export interface MemoryFacts {
  /** Memory of the machine. */
  readonly totalBytes: Probe<number>;
  /** Memory that can be had without swapping. */
  readonly availableBytes: Probe<number>;
  /** Memory the control group grants. */
  readonly cgroupLimitBytes: Probe<number>;
}

/** The runtime that executes this code. */
export interface RuntimeFacts {
  /** Which runtime. */
  readonly name: "deno" | "node" | "other";
  /** Its version. */
  readonly version: string;
  /** Version of its JavaScript engine. */
  readonly v8: string;
}

/** Everything the project knows about the machine. Plain data, ready for JSON. */
export interface HardwareSnapshot {
  /** Processors this process may use. */
  readonly cpu: CpuFacts;
  /** Memory in bytes. */
  readonly memory: MemoryFacts;
  /** WebAssembly SIMD and relaxed SIMD, by validating a tiny module of each. */
  readonly simd: { readonly simd: boolean; readonly relaxed: boolean };
  /** NVIDIA GPUs; other makers are seen through `webgpu` only. */
  readonly gpus: Probe<readonly Gpu[]>;
  /** What WebGPU would run on. */
  readonly webgpu: Probe<WebGpuAdapter>;
  /** The runtime that executes this code. */
  readonly runtime: RuntimeFacts;
  /** Operating system, processor family and kernel release. */
  readonly platform: { readonly os: string; readonly arch: string; readonly release: string };
  /** Which kind of container this is, e.g. `docker`. */
  readonly container: Probe<string>;
  /** `WSL1` or `WSL2` where this Linux runs inside Windows. */
  readonly wsl: Probe<string>;
  /** How long the probes took together, in milliseconds. */
  readonly milliseconds: number;
}
