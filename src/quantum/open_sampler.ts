import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { SamplerLock } from "../sampler_lock/lock_contract.ts";
import { samplerLockFor } from "../sampler_lock/sampler_lock.ts";
import { messageOf } from "../_internal/message_of.ts";
import { type Estimator, samplerEstimator } from "./estimator.ts";
import type { NoiseOptions } from "./noise.ts";
import { type EnvironmentNote, findPlacebos } from "./placebo_variables.ts";
import { probeSampler } from "./probe_sampler.ts";
import { probeSimulator } from "./probe_simulator.ts";
import { simulatorSampler } from "./sampler.ts";
import { noteThreadCopy, threadCopyOf } from "./thread_copies.ts";
import { type SamplerCandidate, type SamplerName, samplersHere } from "./sampler_candidates.ts";
import type { Sampler, SamplerRunOptions } from "./sampler_contract.ts";
import { samplerVersions } from "./sampler_versions.ts";
import { type SamplerFinding, type SamplerProbe, selectSampler } from "./select_sampler.ts";
import type { FloatArray, Simulator } from "./simulator_contract.ts";

/** Options of {@linkcode openSampler}. */
export interface OpenSamplerOptions {
  /** Tried first, in this order; the others follow. @default {[]} */
  readonly prefer?: SamplerName | readonly SamplerName[];
  /** The only one that will do: an error otherwise. */
  readonly require?: SamplerName;
  /** Measurements per sample; null for exact. @default {null} */
  readonly shots?: number | null;
  /** Wires of the largest circuit: from 16 on a GPU is worth trying. @default not known */
  readonly wires?: number;
  /** Faults of the gates and of reading, simulated by trajectories. @default none */
  readonly noise?: NoiseOptions;
  /** Guards the sampler in any case. @default its own lock, used if it is not re-entrant */
  readonly lock?: SamplerLock;
  /** What can be chosen from. @default the samplers of this room */
  readonly candidates?: readonly SamplerCandidate[];
  /** Milliseconds for the probe times. @default {performance.now} */
  readonly clock?: () => number;
}

/** What was asked, tried and chosen. Plain data for the metadata of a run. */
export interface SamplerReport {
  /** Names in the order of trying. */
  readonly asked: readonly string[];
  /** What became of each. */
  readonly found: readonly SamplerFinding[];
  /** The name of the one in use. */
  readonly chosen: string;
  /** The reason in one sentence. */
  readonly why: string;
  /** What it computes on, by the name of the adapter; null for the CPU. */
  readonly device: string | null;
  /** Whether calls may interleave without a lock. */
  readonly reentrant: boolean;
  /** Whether calls go through the lock. */
  readonly locked: boolean;
  /** Measurements per sample where a call does not say; null for exact. */
  readonly shots: number | null;
  /** Of the runtime and of the package in use. */
  readonly versions: Readonly<Record<string, string>>;
  /** Variables that were read, secrets without their value, and those that are set and have no effect. */
  readonly environment: readonly EnvironmentNote[];
}

/** An opened sampler. */
export interface OpenedSampler {
  /** For callers that can wait. */
  readonly sampler: Sampler;
  /** Expectation values of Pauli sums by that sampler. */
  readonly estimator: Estimator;
  /**
   * The same engine for callers that cannot wait; throws SamplerBusyError when locked and busy, and
   * always when the sampler is one that only answers later (remote, webgpu).
   */
  readonly simulator: Simulator;
  /** Guards both, if the report says so. */
  readonly lock: SamplerLock;
  /** How the choice was made. */
  readonly report: SamplerReport;
}

/**
 * Opens the best sampler that proved itself: each is admitted only after a probe circuit ran on it
 * and gave the known answers, gradients included. Those that are not re-entrant come guarded.
 *
 * @throws {TypeError} for an unknown name or option, naming the nearest
 * @throws {Error} when no sampler, or not the required one, passed its probe
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, openSampler } from "@qsight/qsight/quantum";
 * const { sampler, report } = await openSampler({ shots: 1000 });
 * assert.equal(report.found.find(({ status }) => status === "chosen")?.name, report.chosen);
 * const { results: [{ counts }] } = await sampler.run([[angleEncoding(1), { inputs: [Math.PI] }]]);
 * assert.deepEqual(counts, [{ "1": 1000 }]);
 * ```
 */
export async function openSampler(options: OpenSamplerOptions = {}): Promise<OpenedSampler> {
  checkOptions("openSampler()", options, [
    "prefer",
    "require",
    "shots",
    "wires",
    "noise",
    "lock",
    "candidates",
    "clock",
  ]);
  const { asked, probes, opened } = await tryCandidates(options);
  const choice = selectSampler(probes);
  const { sampler: plain, simulator } = opened!;
  const lock = options.lock ?? samplerLockFor(plain);
  const locked = options.lock !== undefined || !plain.reentrant;
  // A copy in another thread is never inside this one: it needs no lock.
  const guarded = lock.guardSync(simulator, ["forward", "vjp"]);
  const sampler = locked ? lock.guard(plain, ["run", "gradient"]) : plain;
  return {
    sampler,
    estimator: samplerEstimator(sampler),
    simulator: locked ? noteThreadCopy(guarded, threadCopyOf(simulator)) : simulator,
    lock,
    report: {
      asked: asked.map(({ name }) => name),
      ...choice,
      device: plain.device ?? null,
      reentrant: plain.reentrant,
      locked,
      shots: plain.shots,
      versions: await samplerVersions(choice.chosen),
      environment: [...opened!.environment, ...findPlacebos()],
    },
  };
}

/** A candidate that passed its probe. */
interface Opened {
  readonly sampler: Sampler;
  readonly simulator: Simulator;
  readonly environment: readonly EnvironmentNote[];
}

async function tryCandidates(options: OpenSamplerOptions) {
  const {
    shots = null,
    wires,
    noise,
    candidates = samplersHere(noise),
    clock = () => performance.now(),
  } = options;
  const { asked, named } = order(options, candidates);
  const probes: SamplerProbe[] = [];
  let opened: Opened | undefined;
  for (const candidate of asked) {
    const { name } = candidate;
    const reason = named.includes(name) ? undefined : candidate.unlessAsked?.({ wires });
    if (opened !== undefined || reason !== undefined) {
      probes.push({ name, status: "not tried", reason: reason ?? "", probeMs: 0 });
      continue;
    }
    const start = clock();
    const found = await tryOpen(candidate, { shots, named: named.includes(name) });
    const probeMs = clock() - start;
    if (typeof found !== "string") opened = found;
    const refused = typeof found === "string" ? found : "";
    probes.push({ name, status: refused === "" ? "ok" : "refused", reason: refused, probeMs });
  }
  return { asked, probes, opened };
}

function order(
  { prefer = [], require }: OpenSamplerOptions,
  candidates: readonly SamplerCandidate[],
) {
  const names = candidates.map(({ name }) => name);
  const first: readonly string[] = typeof prefer === "string" ? [prefer] : prefer;
  const named = require === undefined ? first : [...first, require];
  for (const name of named) {
    if (names.includes(name)) continue;
    throw new TypeError(unknownName("openSampler()", "sampler", name, names));
  }
  if (require !== undefined) {
    return { named, asked: candidates.filter(({ name }) => name === require) };
  }
  const sorted = [...new Set([...first, ...names])];
  const asked = sorted.flatMap((name) => candidates.filter((one) => one.name === name));
  return { named, asked };
}

/** The opened candidate, or why it is refused. */
async function tryOpen(
  candidate: SamplerCandidate,
  options: { readonly shots: number | null; readonly named: boolean },
): Promise<Opened | string> {
  const { shots } = options;
  let found: Awaited<ReturnType<SamplerCandidate["open"]>>;
  try {
    found = await candidate.open(options);
    const wrong = "forward" in found
      ? probeSimulator(found)
      : await probeSampler(candidate.probed?.() ?? found, shots ?? found.shots);
    if (wrong !== undefined) return wrong;
  } catch (error) {
    return `${error instanceof Error ? error.name : "Error"}: ${messageOf(error)}`;
  }
  const environment = candidate.environment?.() ?? [];
  if (!("forward" in found)) {
    return { sampler: withShots(found, shots), simulator: later(found), environment };
  }
  const single = inSinglePrecision(found);
  return { sampler: simulatorSampler(single, { shots }), simulator: single, environment };
}

/** The shots that were asked for count where a call does not say. */
function withShots(sampler: Sampler, shots: number | null): Sampler {
  if (shots === null || shots === sampler.shots) return sampler;
  const shotsOf = (options: SamplerRunOptions = {}) =>
    options.shots === undefined ? shots : options.shots;
  return {
    name: sampler.name,
    device: sampler.device,
    reentrant: sampler.reentrant,
    shots,
    run: (pubs, options) => sampler.run(pubs, { ...options, shots: shotsOf(options) }),
    gradient: (circuit, args, options) =>
      sampler.gradient(circuit, args, { ...options, shots: shotsOf(options) }),
  };
}

/** Stands where a simulator is wanted and there is only a sampler. */
function later({ name, reentrant }: Sampler): Simulator {
  const refuse = () => {
    throw new Error(
      `Sampler "${name}" only answers later and cannot be called from a layer; use sampler.run() ` +
        "and sampler.gradient(), or open one that computes here",
    );
  };
  return { name, reentrant, forward: refuse, vjp: refuse };
}

function inSinglePrecision(simulator: Simulator<FloatArray>): Simulator {
  const single = (values: FloatArray) =>
    values instanceof Float32Array ? values : Float32Array.from(values);
  return noteThreadCopy<Simulator>({
    name: simulator.name,
    reentrant: simulator.reentrant,
    gradientMethod: simulator.gradientMethod,
    forward: (circuit, args) => single(simulator.forward(circuit, args)),
    vjp: (circuit, args) => {
      const { outputs, inputs, weights } = simulator.vjp(circuit, args);
      return { outputs: single(outputs), inputs: single(inputs), weights: single(weights) };
    },
  }, threadCopyOf(simulator));
}
