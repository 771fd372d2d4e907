/**
 * A lock around a quantum sampler, or anything else that must not be entered twice.
 *
 * @module
 */
export type { Guarded, MethodName } from "./guard_methods.ts";
export type {
  SamplerLock,
  SamplerLockOptions,
  SamplerLockRunOptions,
  WatchedWorker,
} from "./lock_contract.ts";
export {
  SamplerBusyError,
  SamplerLockNestedError,
  SamplerLockTimeoutError,
} from "./lock_errors.ts";
export type { Durations, SamplerLockStats } from "./lock_stats.ts";
export {
  type ReplicaDecision,
  replicaPolicy,
  type ReplicaPolicyOptions,
} from "./replica_policy.ts";
export { samplerLock, samplerLockFor } from "./sampler_lock.ts";
