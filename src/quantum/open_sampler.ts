import process from "node:process";
import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { SamplerLock } from "../sampler_lock/lock_contract.ts";
import { samplerLockFor } from "../sampler_lock/sampler_lock.ts";
import { type EnvironmentNote, findPlacebos } from "./placebo_variables.ts";
import { probeSimulator } from "./probe_simulator.ts";
import { openQuantumCircuitSimulator } from "./quantum_circuit_adapter.ts";
import { type Sampler, simulatorSampler } from "./sampler.ts";
import { type SamplerFinding, type SamplerProbe, selectSampler } from "./select_sampler.ts";
import { statevectorSimulator } from "./simulator.ts";
import type { FloatArray, Simulator } from "./simulator_contract.ts";

/** The samplers there are, best first. */
export type SamplerName = "statevector" | "quantum-circuit";

/** How a sampler is loaded. */
export interface SamplerCandidate {
  /** Stands in options and reports. */
  readonly name: string;
  /** Loads it; may throw or reject when it is not there. */
  open(): Simulator<FloatArray> | Promise<Simulator<FloatArray>>;
}

/** Options of {@linkcode openSampler}. */
export interface OpenSamplerOptions {
  /** Tried first, in this order; the others follow. @default {[]} */
  readonly prefer?: SamplerName | readonly SamplerName[];
  /** The only one that will do: an error otherwise. */
  readonly require?: SamplerName;
  /** Measurements per sample; null for exact. @default {null} */
  readonly shots?: number | null;
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
  /** Whether calls may interleave without a lock. */
  readonly reentrant: boolean;
  /** Whether calls go through the lock. */
  readonly locked: boolean;
  /** Measurements per sample where a call does not say; null for exact. */
  readonly shots: number | null;
  /** Of the runtime and of the package in use. */
  readonly versions: Readonly<Record<string, string>>;
  /** Variables that are set and have no effect. Nothing else of the environment is read, nothing changed. */
  readonly environment: readonly EnvironmentNote[];
}

/** An opened sampler. */
export interface OpenedSampler {
  /** For callers that can wait. */
  readonly sampler: Sampler;
  /** The same engine for callers that cannot wait; throws SamplerBusyError when locked and busy. */
  readonly simulator: Simulator;
  /** Guards both, if the report says so. */
  readonly lock: SamplerLock;
  /** How the choice was made. */
  readonly report: SamplerReport;
}

const CANDIDATES: readonly SamplerCandidate[] = [
  { name: "statevector", open: () => statevectorSimulator() },
  { name: "quantum-circuit", open: openQuantumCircuitSimulator },
];

/**
 * Opens the best sampler that proved itself: each is admitted only after a probe circuit ran on it,
 * forward and back, and gave the known answers. Those that are not re-entrant come guarded.
 *
 * @throws {TypeError} for an unknown name or option, naming the nearest
 * @throws {Error} when no sampler, or not the required one, passed its probe
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, openSampler } from "@qsight/qsight/quantum";
 * const { sampler, report } = await openSampler({ shots: 1000 });
 * assert.equal(report.chosen, "statevector");
 * const result = await sampler.run(angleEncoding(1), {
 *   inputs: Float32Array.of(Math.PI), weights: new Float32Array(0), batch: 1, seed: 1,
 * });
 * assert.deepEqual([...result.outputs], [-1]);
 * ```
 */
export async function openSampler(options: OpenSamplerOptions = {}): Promise<OpenedSampler> {
  checkOptions("openSampler()", options, [
    "prefer",
    "require",
    "shots",
    "lock",
    "candidates",
    "clock",
  ]);
  const { shots = null, candidates = CANDIDATES, clock = () => performance.now() } = options;
  const asked = order(options, candidates);
  const probes: SamplerProbe[] = [];
  let opened: Simulator<FloatArray> | undefined;
  for (const { name, open } of asked) {
    if (opened !== undefined) {
      probes.push({ name, status: "not tried", reason: "", probeMs: 0 });
      continue;
    }
    const start = clock();
    const { simulator, reason } = await tryOpen(open);
    const probeMs = clock() - start;
    if (reason === "") opened = simulator;
    probes.push({ name, status: reason === "" ? "ok" : "refused", reason, probeMs });
  }
  const choice = selectSampler(probes);
  const single = inSinglePrecision(opened as Simulator<FloatArray>);
  const lock = options.lock ?? samplerLockFor(single);
  const locked = options.lock !== undefined || !single.reentrant;
  const plain = simulatorSampler(single, { shots });
  return {
    sampler: locked ? lock.guard(plain, ["run", "gradient"]) : plain,
    simulator: locked ? lock.guardSync(single, ["forward", "vjp"]) : single,
    lock,
    report: {
      asked: asked.map(({ name }) => name),
      ...choice,
      reentrant: single.reentrant,
      locked,
      shots,
      versions: await versions(choice.chosen),
      environment: findPlacebos(),
    },
  };
}

function order(
  { prefer = [], require }: OpenSamplerOptions,
  candidates: readonly SamplerCandidate[],
): readonly SamplerCandidate[] {
  const names = candidates.map(({ name }) => name);
  const first: readonly string[] = typeof prefer === "string" ? [prefer] : prefer;
  for (const name of require === undefined ? first : [...first, require]) {
    if (names.includes(name)) continue;
    throw new TypeError(unknownName("openSampler()", "sampler", name, names));
  }
  if (require !== undefined) return candidates.filter(({ name }) => name === require);
  const sorted = [...new Set([...first, ...names])];
  return sorted.flatMap((name) => candidates.filter((candidate) => candidate.name === name));
}

async function tryOpen(
  open: SamplerCandidate["open"],
): Promise<{ readonly simulator?: Simulator<FloatArray>; readonly reason: string }> {
  try {
    const simulator = await open();
    return { simulator, reason: probeSimulator(simulator) ?? "" };
  } catch (error) {
    return { reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function inSinglePrecision(simulator: Simulator<FloatArray>): Simulator {
  const single = (values: FloatArray) =>
    values instanceof Float32Array ? values : Float32Array.from(values);
  return {
    name: simulator.name,
    reentrant: simulator.reentrant,
    gradientMethod: simulator.gradientMethod,
    forward: (circuit, args) => single(simulator.forward(circuit, args)),
    vjp: (circuit, args) => {
      const { outputs, inputs, weights } = simulator.vjp(circuit, args);
      return { outputs: single(outputs), inputs: single(inputs), weights: single(weights) };
    },
  };
}

async function versions(chosen: string): Promise<Record<string, string>> {
  const { deno, node, v8 } = process.versions as Record<string, string | undefined>;
  const found: Record<string, string | undefined> = { deno, node, v8 };
  if (chosen === "quantum-circuit") {
    const data = await import("quantum-circuit/package.json", { with: { type: "json" } });
    found[chosen] = (data.default as { readonly version: string }).version;
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, version]) =>
      version === undefined ? [] : [[name, version]]
    ),
  );
}
