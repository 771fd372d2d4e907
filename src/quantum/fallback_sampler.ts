import { checkOptions } from "../_internal/check_options.ts";
import type { Sampler } from "./sampler.ts";

/** What happened when a sampler failed in the middle of a run. */
export interface FallbackEvent {
  /** Name of the sampler that failed. */
  readonly from: string;
  /** Name of the one that took over. */
  readonly to: string;
  /** The failure. */
  readonly reason: string;
}

/** Options of {@linkcode fallbackSampler}. */
export interface FallbackSamplerOptions {
  /** Takes over at the first failure, for good. */
  readonly to: Sampler;
  /** Called once, when it does. */
  readonly onFallback?: (event: FallbackEvent) => void;
}

/** A sampler that may have changed under way. */
export interface FallbackSampler extends Sampler {
  /** The change, or undefined; once there, the results of the run are of two samplers. */
  readonly fallback: FallbackEvent | undefined;
}

/**
 * A sampler that goes over to another one when it fails, once and visibly. Wrong arguments
 * (TypeError, RangeError) are the fault of the caller and reject without a change.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, fallbackSampler, simulatorSampler, statevectorSimulator } from "@qsight/qsight/quantum";
 * const good = simulatorSampler(statevectorSimulator());
 * const lost = () => Promise.reject(new Error("device lost"));
 * const sampler = fallbackSampler({ ...good, name: "gpu", run: lost }, { to: good });
 * const args = { inputs: Float32Array.of(0), weights: new Float32Array(0), batch: 1 };
 * assert.equal((await sampler.run(angleEncoding(1), args)).sampler, "statevector");
 * assert.equal(sampler.fallback?.reason, "device lost");
 * ```
 */
export function fallbackSampler(from: Sampler, options: FallbackSamplerOptions): FallbackSampler {
  checkOptions("fallbackSampler()", options, ["to", "onFallback"]);
  const { to, onFallback } = options;
  let fallback: FallbackEvent | undefined;
  const call = async <T>(work: (sampler: Sampler) => Promise<T>): Promise<T> => {
    if (fallback !== undefined) return await work(to);
    try {
      return await work(from);
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      if (fallback === undefined) {
        const reason = error instanceof Error ? error.message : String(error);
        fallback = { from: from.name, to: to.name, reason };
        onFallback?.(fallback);
      }
      return await work(to);
    }
  };
  return {
    get name() {
      return fallback === undefined ? from.name : to.name;
    },
    get fallback() {
      return fallback;
    },
    reentrant: from.reentrant && to.reentrant,
    run: (circuit, given) => call((sampler) => sampler.run(circuit, given)),
    gradient: (circuit, args) => call((sampler) => sampler.gradient(circuit, args)),
  };
}
