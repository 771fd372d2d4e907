import type { StatevectorSimulatorOptions } from "./simulator_options.ts";
import type { FloatArray, Simulator } from "./simulator_contract.ts";

/** By the object itself: a changed copy of it, which counts calls or answers otherwise, is not known. */
const known = new WeakMap<object, ThreadCopy>();

/** Options of `statevectorSimulator()`, in single precision as layers are. */
export type ThreadCopy = StatevectorSimulatorOptions & { readonly precision?: "f32" };

/**
 * Options of `statevectorSimulator()` with which another thread makes a simulator that answers with
 * the same bytes; undefined for one of double precision, of somebody's own, or none.
 */
export function threadCopyOf(
  simulator: Simulator<FloatArray> | undefined,
): ThreadCopy | undefined {
  return simulator && known.get(simulator);
}

/** Says how another thread makes the same as `simulator`. */
export function noteThreadCopy<S extends object>(
  simulator: S,
  options: ThreadCopy | undefined,
): S {
  if (options !== undefined) known.set(simulator, options);
  return simulator;
}
