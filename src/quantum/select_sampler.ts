/** What became of trying one sampler. */
export interface SamplerProbe {
  /** Of the sampler. */
  readonly name: string;
  /** Whether its answers were right. */
  readonly status: "ok" | "refused" | "not tried";
  /** Why it was refused; empty otherwise. */
  readonly reason: string;
  /** Milliseconds for loading and the probe circuit. */
  readonly probeMs: number;
}

/** A probe after the choice. */
export interface SamplerFinding extends Omit<SamplerProbe, "status"> {
  /** Whether it was chosen, or what kept it from that. */
  readonly status: SamplerProbe["status"] | "chosen";
}

/** The answer of {@linkcode selectSampler}. */
export interface SamplerChoice {
  /** The name of the one to use. */
  readonly chosen: string;
  /** The reason in one sentence. */
  readonly why: string;
  /** All probes, the chosen one marked. */
  readonly found: readonly SamplerFinding[];
}

/**
 * Takes the first probed sampler that gave right answers.
 *
 * @throws {Error} when none did, with the reason of each
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { selectSampler } from "@qsight/qsight/quantum";
 * const { chosen, why } = selectSampler([
 *   { name: "gpu", status: "refused", reason: "wrong probabilities", probeMs: 3 },
 *   { name: "wasm-relaxed", status: "ok", reason: "", probeMs: 1 },
 * ]);
 * assert.equal(chosen, "wasm-relaxed");
 * assert.match(why, /gpu: wrong probabilities/);
 * ```
 */
export function selectSampler(probes: readonly SamplerProbe[]): SamplerChoice {
  const refused = probes.filter(({ status }) => status === "refused")
    .map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  const best = probes.find(({ status }) => status === "ok");
  if (best === undefined) {
    throw new Error(
      `No quantum sampler passed its probe circuit (${refused || "none was tried"}); ` +
        "ask for another one, or reinstall the package that failed",
    );
  }
  const first = "first of those asked for whose probe circuit gave the known answers";
  return {
    chosen: best.name,
    why: refused === "" ? first : `${first}; refused before: ${refused}`,
    found: probes.map((probe) => probe === best ? { ...probe, status: "chosen" } : probe),
  };
}
