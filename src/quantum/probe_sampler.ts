import { withProbabilities } from "./free_angles.ts";
import { compare, compareGradients, PROBE, TOLERANCE } from "./probe_simulator.ts";
import type { Sampler } from "./sampler_contract.ts";

/** Six standard errors: one probe of a right sampler in 10^8 fails. */
const SIGMAS = 6;

/**
 * Runs the probe circuit on a sampler. With shots, what it answers has to be within six standard
 * errors of what is known, and gradients are not asked for, as they would cost further circuits.
 *
 * @returns why the sampler must not be used, or undefined when its answers are right
 */
export async function probeSampler(
  sampler: Sampler,
  shots: number | null = sampler.shots,
): Promise<string | undefined> {
  const { batch: _, ...values } = PROBE.args();
  const pub = [withProbabilities(PROBE.circuit()), values] as const;
  const { results } = await sampler.run([pub], { shots });
  const [{ probabilities, counts }] = results;
  if (shots !== null) {
    const shares = PROBE.probabilities.map((_, state) =>
      (counts?.[0][state.toString(2).padStart(2, "0")] ?? 0) / shots
    );
    return compare(
      `shares of ${shots} shots`,
      shares,
      PROBE.probabilities,
      (p) => SIGMAS * Math.sqrt(p * (1 - p) / shots) + TOLERANCE,
    );
  }
  const wrong = compare("probabilities", probabilities ?? [], PROBE.probabilities);
  if (wrong !== undefined) return wrong;
  const cotangents = Float32Array.from(PROBE.cotangents);
  const args = { ...PROBE.args(), cotangents };
  return compareGradients(await sampler.gradient(PROBE.circuit(), args, { shots: null }));
}
