// Run in a process of its own: one circuit whose answer and slope are known.
import process from "node:process";
import { composeCircuit } from "../../quantum/compose_circuit.ts";
import { openSampler } from "../../quantum/open_sampler.ts";
import { angleEncoding } from "../../quantum/templates.ts";

/** Rotates a qubit by an angle: the expectation of Z is its cosine, the slope minus its sine. */
export async function runCircuit(): Promise<string> {
  const { simulator, report } = await openSampler();
  const circuit = composeCircuit([angleEncoding(1)]);
  const angle = 0.7;
  const { outputs, inputs } = simulator.vjp(circuit, {
    inputs: Float32Array.of(angle),
    weights: new Float32Array(0),
    batch: 1,
    cotangents: Float32Array.of(1),
  });
  const faults = [outputs[0] - Math.cos(angle), inputs[0] + Math.sin(angle)];
  if (!faults.every((fault) => Math.abs(fault) < 1e-5)) {
    throw new Error(
      `found <Z> ${outputs[0]} with slope ${inputs[0]}, wanted ${Math.cos(angle)} and ` +
        `${-Math.sin(angle)}`,
    );
  }
  return `sampler ${report.chosen}, <Z> ${outputs[0].toFixed(4)}, slope ${inputs[0].toFixed(4)}`;
}

if (import.meta.main) {
  process.stdout.write(`${await runCircuit()}\n`);
  process.exit(0);
}
