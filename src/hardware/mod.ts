/**
 * What the machine has: one cached snapshot by probes that say "absent" or "unknown" with a reason
 * instead of guessing, and settings that fit it; and what does not go together, as rows that are
 * found by the text of an error or by what is installed. Needs no package.
 *
 * @module
 */
export type { CommandResult } from "../_internal/run_command.ts";
export { COMPATIBILITY_MATRIX } from "./compatibility/compatibility_matrix.ts";
export {
  type CompatibilityRow,
  type Component,
  type Fixes,
  type FixTier,
  type TemplateName,
  TEMPLATES,
  type Verification,
} from "./compatibility/compatibility_row.ts";
export { type Conflict, detectConflicts } from "./compatibility/detect_conflicts.ts";
export type { DetectorId, InstalledFacts } from "./compatibility/detectors.ts";
export { type ErrorMatch, explainError } from "./compatibility/explain_error.ts";
export { formatExplanation } from "./compatibility/format_explanation.ts";
export {
  PLACEBO_VARIABLES,
  type PlaceboVariable,
  setPlacebos,
} from "./compatibility/placebo_variables.ts";
export { compareEnvironments } from "./environment/compare_environments.ts";
export type {
  DiskFacts,
  EnvironmentDifference,
  EnvironmentFacts,
  EnvironmentSnapshot,
  FontFacts,
  KernelFacts,
  KernelListing,
  PermissionFacts,
  PermissionName,
  PortFacts,
  ProgramFacts,
  ProgramName,
  VulkanFacts,
} from "./environment/environment_snapshot.ts";
export type { EnvironmentSources } from "./environment/environment_sources.ts";
export { probeEnvironment, type ProbeEnvironmentOptions } from "./environment/probe_environment.ts";
export type { Probe } from "./probe.ts";
export { probeHardware, type ProbeHardwareOptions } from "./probe_hardware.ts";
export {
  type ProfileName,
  recommend,
  type Recommendation,
  type RecommendedSettings,
} from "./recommend.ts";
export type {
  CpuFacts,
  Gpu,
  HardwareSnapshot,
  MemoryFacts,
  RuntimeFacts,
  WebGpuAdapter,
} from "./snapshot.ts";
export type { GpuAdapterLike, GpuDoor, HardwareSources } from "./sources.ts";
