// The circuit of a small quantum head, RY(x), 3 x (RY, RZ, ring of CX), <Z> of each wire, batch 32:
// forward, and "vjp" = forward with the gradients of all weights and inputs.
import { SeededRandom } from "../src/_internal/seeded_random.ts";
import type { Circuit } from "../src/quantum/circuit.ts";
import { composeCircuit } from "../src/quantum/compose_circuit.ts";
import { openQuantumCircuitSimulator } from "../src/quantum/quantum_circuit_adapter.ts";
import { referenceSimulator } from "../src/quantum/reference_simulator.ts";
import { statevectorSimulator } from "../src/quantum/simulator.ts";
import { angleEncoding, basicEntangler } from "../src/quantum/templates.ts";
import { type BenchOptions, type BenchRow, compare } from "./measure.ts";

const BATCH = 32;

export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const ours = statevectorSimulator(), reference = referenceSimulator();
  const foreign = await openQuantumCircuitSimulator();
  const rows: BenchRow[] = [];
  for (const n of quick ? [4, 8] : [4, 8, 12]) {
    const { circuit, args } = head(n);
    const { cotangents: _, ...forwardArgs } = args;
    const forward = () => void ours.forward(circuit, forwardArgs);
    const vjp = () => void ours.vjp(circuit, args);
    const repeat = n <= 4 ? 100 : n <= 8 ? 10 : 1;
    const size = { n, batch: BATCH, repeat, rounds: quick ? 3 : 7 };
    // Both sides compiled before anything counts.
    for (let warm = 0; warm < 3 * repeat; warm++) vjp();
    for (let warm = 0; warm < (n <= 8 ? 3 * repeat : 1); warm++) reference.vjp(circuit, args);

    rows.push(
      await compare(forward, () => void reference.forward(circuit, forwardArgs), {
        name: "forward",
        against: "reference",
        repeatAgainst: repeat,
        ...size,
      }),
      await compare(vjp, () => void reference.vjp(circuit, args), {
        name: "vjp",
        against: "reference",
        repeatAgainst: repeat,
        ...size,
      }),
    );
    rows.push(...await againstForeign({ forward, vjp, n, circuit, size }));
  }
  return rows;

  /** One sample there stands for each of the batch, as it runs them one by one in the same way. */
  async function againstForeign({ forward, vjp, n, circuit, size }: {
    readonly forward: () => void;
    readonly vjp: () => void;
    readonly n: number;
    readonly circuit: Circuit;
    readonly size: { n: number; batch: number; repeat: number; rounds: number };
  }): Promise<BenchRow[]> {
    const { args: { inputs, weights } } = head(n);
    const one = { inputs: inputs.subarray(0, n), weights, batch: 1 };
    const row = await compare(forward, () => void foreign.forward(circuit, one), {
      name: "forward",
      against: "quantum-circuit",
      ...size,
    });
    const shift = await compare(vjp, () => void foreign.forward(circuit, one), {
      name: "vjp",
      against: "quantum-circuit",
      ...size,
    });
    const forwards = 2 * (n + circuit.weights);
    return [
      times(row, { factor: BATCH, name: "forward (one sample there, times the batch)" }),
      times(shift, {
        factor: BATCH * forwards,
        name: `vjp (parameter shift there counted as 2P = ${forwards} forwards, times the batch)`,
      }),
    ];
  }
}

function head(n: number) {
  const circuit = composeCircuit([
    angleEncoding(n),
    basicEntangler(n, { layers: 3, rotations: ["ry", "rz"] }),
  ]);
  const random = new SeededRandom(n);
  const numbers = (count: number) =>
    Float32Array.from({ length: count }, () => random.uniform(-3, 3));
  const args = {
    inputs: numbers(BATCH * n),
    weights: numbers(circuit.weights),
    batch: BATCH,
    cotangents: numbers(BATCH * n),
  };
  return { circuit, args };
}

function times(
  row: BenchRow,
  { factor, name }: { readonly factor: number; readonly name: string },
): BenchRow {
  return {
    ...row,
    name,
    againstMedian: row.againstMedian * factor,
    ratio: row.ratio / factor,
  };
}
