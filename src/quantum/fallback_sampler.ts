import { checkOptions } from "../_internal/check_options.ts";
import type { Sampler, SamplerRunOptions } from "./sampler_contract.ts";
import { messageOf } from "../_internal/message_of.ts";

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
  /** The change, or undefined. */
  readonly fallback: FallbackEvent | undefined;
  /** Whether both samplers have answered, so that the results of the run are of two kinds. */
  readonly mixed: boolean;
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
 * assert.equal((await sampler.run([[angleEncoding(1), { inputs: [0] }]])).sampler, "statevector");
 * assert.equal(sampler.fallback?.reason, "device lost");
 * ```
 */
export function fallbackSampler(from: Sampler, options: FallbackSamplerOptions): FallbackSampler {
  checkOptions("fallbackSampler()", options, ["to", "onFallback"]);
  const { to, onFallback } = options;
  let fallback: FallbackEvent | undefined;
  const answered = { from: false, to: false };
  const other = async <T>(work: (sampler: Sampler) => Promise<T>): Promise<T> => {
    const result = await work(to);
    answered.to = true;
    return result;
  };
  const call = async <T>(work: (sampler: Sampler) => Promise<T>): Promise<T> => {
    if (fallback !== undefined) return await other(work);
    try {
      const result = await work(from);
      answered.from = true;
      return result;
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      if (fallback === undefined) {
        fallback = { from: from.name, to: to.name, reason: messageOf(error) };
        onFallback?.(fallback);
      }
      return await other(work);
    }
  };
  const shotsOf = ({ shots = from.shots }: SamplerRunOptions = {}) => shots;
  return {
    get name() {
      return fallback === undefined ? from.name : to.name;
    },
    get fallback() {
      return fallback;
    },
    get mixed() {
      return answered.from && answered.to;
    },
    reentrant: from.reentrant && to.reentrant,
    shots: from.shots,
    // The shots of the first count for both: the second must not answer another question.
    run: (pubs, given) => call((sampler) => sampler.run(pubs, { ...given, shots: shotsOf(given) })),
    gradient: (circuit, args, given) =>
      call((sampler) => sampler.gradient(circuit, args, { ...given, shots: shotsOf(given) })),
  };
}
