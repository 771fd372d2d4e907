import { measure } from "./estimator.ts";
import { withProbabilities } from "./free_angles.ts";
import { groupPaulis, type PauliGroup } from "./pauli_sum.ts";
import type { GradientPlan } from "./plan_gradient.ts";
import { chunks } from "./pub.ts";
import type { Sampler, SamplerGradients, SamplerPubResult } from "./sampler_contract.ts";
import { ShiftedRows } from "./shifted_rows.ts";

/** With 32-bit results, where rounding and the error of the difference are alike. */
const EXACT_STEP = 1e-2;
/** With shots the noise is divided by the step. */
const SHOTS_STEP = 0.25;

/** The gradient from runs of a sampler: parameter shift or finite differences. */
export async function sampledGradient(
  sampler: Pick<Sampler, "run" | "shots">,
  plan: GradientPlan,
): Promise<SamplerGradients> {
  const { circuit, args, run, method } = plan;
  const { step = run.shots === null ? EXACT_STEP : SHOTS_STEP } = plan;
  const shifted = method === "parameter_shift"
    ? ShiftedRows.byRule(circuit, args)
    : ShiftedRows.byDifference(circuit, args, step);
  const groups = plan.groups ?? ownGroups(plan);
  for (const [start, end] of chunks(shifted.count, 2 ** circuit.wires)) {
    const pub = {
      circuit: shifted.circuit,
      args: {
        inputs: shifted.rows(start, end),
        weights: new Float64Array(0),
        batch: end - start,
      },
    };
    const callId = JSON.stringify([run.callId ?? 0, start]);
    const options = { ...run, callId };
    if (groups === undefined) {
      const rows = rowsOf(pub.args.inputs, shifted.circuit.inputs, pub.args.batch);
      const { results } = await sampler.run([
        [withProbabilities(shifted.circuit), { inputs: rows }],
      ], options);
      shifted.add(start, sharesOf(results[0], circuit.wires));
    } else {
      const count = plan.outputs;
      const { values } = await measure(sampler, pub, groups, { ...options, count });
      shifted.add(start, values);
    }
  }
  return { ...shifted.gradients(), method };
}

/** `<Z>` of each wire as Pauli strings; undefined for probabilities. */
function ownGroups({ circuit }: GradientPlan): PauliGroup[] | undefined {
  if (circuit.observable !== "z") return undefined;
  const strings = Array.from(
    { length: circuit.wires },
    (_, wire) => "I".repeat(wire) + "Z" + "I".repeat(circuit.wires - wire - 1),
  );
  return groupPaulis("gradient()", strings, circuit.wires);
}

function rowsOf(data: Float64Array, width: number, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width));
}

/** Probabilities, or the shares of the counts. */
function sharesOf({ probabilities, counts, shots }: SamplerPubResult, wires: number) {
  if (probabilities !== undefined) return probabilities;
  const shares = new Float64Array(counts!.length * 2 ** wires);
  counts!.forEach((row, i) => {
    for (const [bits, times] of Object.entries(row)) {
      shares[i * 2 ** wires + parseInt(bits, 2)] = times / shots!;
    }
  });
  return shares;
}
