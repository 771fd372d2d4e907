// A small quantum head (quantum_circuits.ts), forward, and "vjp" = forward with the gradients of all
// weights and inputs. "fused" is what the engine does with such layers; "generic" is a circuit of
// gates of all kinds, to which that does not apply.
import type { Circuit } from "../src/quantum/circuit.ts";
import { openQuantumCircuitSimulator } from "../src/quantum/quantum_circuit_adapter.ts";
import { referenceSimulator } from "../src/quantum/reference_simulator.ts";
import { statevectorSimulator } from "../src/quantum/simulator.ts";
import type { FloatArray, Simulator } from "../src/quantum/simulator_contract.ts";
import { type BenchOptions, type BenchRow, compare } from "./measure.ts";
import { head, mixed, numbersFor, reuploading } from "./quantum_circuits.ts";
import { nodeRows } from "./quantum_node.ts";

interface Sizes {
  readonly n: number;
  readonly batch: number;
  readonly rounds: number;
  /** How many times a call is made in a round, so that a round is long enough to be timed. */
  readonly repeat: number;
  readonly repeatAgainst: number;
}

function sizesFor(n: number, quick: boolean): Sizes {
  // Rounds of both sides take about as long, so that a hiccup of the machine hits either alike.
  const [repeat, repeatAgainst] = n <= 4
    ? [4000, 80]
    : n <= 8
    ? [600, 8]
    : n <= 12
    ? [64, 1]
    : [16, 1];
  const share = quick ? 0.2 : 1, scaled = (count: number) => Math.max(1, Math.round(count * share));
  return {
    n,
    batch: n >= 16 ? 8 : 32,
    rounds: quick ? 3 : n >= 16 ? 7 : 11,
    repeat: scaled(repeat),
    repeatAgainst: scaled(repeatAgainst),
  };
}

export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const ours = statevectorSimulator();
  for (const n of quick ? [4, 8] : [4, 8, 12, 16]) {
    const sizes = sizesFor(n, quick), circuit = head(n);
    rows.push(
      await againstReference(ours, circuit, { name: "forward, fused", ...sizes }),
      await againstReference(ours, circuit, { name: "vjp, fused", ...sizes }),
      await againstReference(ours, mixed(n), { name: "vjp, generic", ...sizes }),
    );
    if (n <= 12) rows.push(await againstForeign(ours, sizes));
  }
  for (const n of quick ? [8] : [4, 8, 12]) rows.push(...await amongOurselves(sizesFor(n, quick)));
  rows.push(...await nodeRows({ quick }));
  return rows;
}

function againstReference(
  ours: Simulator,
  circuit: Circuit,
  { name, ...sizes }: Sizes & { readonly name: string },
): Promise<BenchRow> {
  const args = numbersFor(circuit, sizes.batch), { cotangents: _, ...rest } = args;
  const forward = name.startsWith("forward"), reference = referenceSimulator();
  const work = (simulator: Simulator<FloatArray>) => () =>
    void (forward ? simulator.forward(circuit, rest) : simulator.vjp(circuit, args));
  warm(work(ours), sizes.repeat);
  warm(work(reference), sizes.repeatAgainst);
  const heavy = name.endsWith("generic") ? 8 : 1;
  return compare(work(ours), work(reference), {
    name,
    against: "reference",
    ...sizes,
    repeat: Math.ceil(sizes.repeat / heavy),
    repeatAgainst: Math.ceil(sizes.repeatAgainst / heavy),
  });
}

/** One forward run of one sample there stands for all that parameter shift would run. */
async function againstForeign(ours: Simulator, sizes: Sizes): Promise<BenchRow> {
  const foreign = await openQuantumCircuitSimulator();
  const circuit = head(sizes.n), args = numbersFor(circuit, sizes.batch);
  const { inputs, weights } = numbersFor(circuit, 1), one = { inputs, weights, batch: 1 };
  const vjp = () => void ours.vjp(circuit, args);
  const row = await compare(vjp, () => void foreign.forward(circuit, one), {
    name: "vjp, fused",
    against: "quantum-circuit",
    ...sizes,
    rounds: Math.min(7, sizes.rounds),
    repeatAgainst: 1,
  });
  const forwards = 2 * (circuit.inputs + circuit.weights), factor = sizes.batch * forwards;
  return {
    ...row,
    name: `vjp, fused (there by parameter shift: ${forwards} forward runs, times the batch)`,
    againstMedian: row.againstMedian * factor,
    ratio: row.ratio / factor,
  };
}

/** Other entanglers, inputs in every layer, other modules, a second thread: against the plain head. */
async function amongOurselves({ repeatAgainst: _, ...sizes }: Sizes): Promise<BenchRow[]> {
  const plain = statevectorSimulator(), { n, batch, repeat } = sizes;
  const vjp = (simulator: Simulator<FloatArray>, circuit: Circuit) => {
    const args = numbersFor(circuit, batch);
    const work = () => void simulator.vjp(circuit, args);
    warm(work, repeat);
    return work;
  };
  const base = vjp(plain, head(n));
  const row = (name: string, work: () => void, against = "ring of CX") =>
    compare(work, base, { name: `vjp, ${name}`, against, ...sizes, repeatAgainst: repeat });
  const rows = [
    await row("fused, ring of CZ", vjp(plain, head(n, "cz"))),
    await row("fused, data re-uploading", vjp(plain, reuploading(n))),
    await row(
      "fused, plain SIMD",
      vjp(statevectorSimulator({ module: "plain" }), head(n)),
      "relaxed",
    ),
    await row("fused, f64", vjp(statevectorSimulator({ precision: "f64" }), head(n)), "f32"),
  ];
  if (n < 12) return rows;
  const two = statevectorSimulator({ workers: 2 }), shared = vjp(two, head(n));
  // The other thread takes a while to start.
  for (const end = performance.now() + 2000; performance.now() < end;) shared();
  rows.push(await row("fused, two workers", shared, "one"));
  two.close();
  return rows;
}

/** Both sides compiled before anything counts. */
function warm(work: () => void, repeat: number): void {
  for (let k = 0; k < Math.min(repeat, 200); k++) work();
}
