/**
 * What the machine has: one cached snapshot by probes that say "absent" or "unknown" with a reason
 * instead of guessing, and settings that fit it. Needs no package.
 *
 * @module
 */
export type { CommandResult } from "../_internal/run_command.ts";
export type { Probe } from "./probe.ts";
export { probeHardware, type ProbeHardwareOptions } from "./probe_hardware.ts";
export { recommend, type Recommendation } from "./recommend.ts";
export type {
  CpuFacts,
  Gpu,
  HardwareSnapshot,
  MemoryFacts,
  RuntimeFacts,
  WebGpuAdapter,
} from "./snapshot.ts";
export type { GpuAdapterLike, GpuDoor, HardwareSources } from "./sources.ts";
