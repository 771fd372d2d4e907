import type { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { type Angle, inputAngle, productAngle, weightAngle } from "../../src/quantum/angle.ts";
import {
  type Circuit,
  defineCircuit,
  type OperationDeclaration,
} from "../../src/quantum/circuit.ts";
import { type GateName, GATES } from "../../src/quantum/gates.ts";

const names = Object.keys(GATES) as GateName[];
const INPUTS = 3, WEIGHTS = 4;

/** A circuit of any gates with angles of all four kinds, at most `wires` wires. */
export function randomCircuit(random: SeededRandom, maxWires: number): Circuit {
  const wires = 1 + random.integer(maxWires);
  const possible = names.filter((name) => GATES[name].wires <= wires);
  const all = Array.from({ length: wires }, (_, i) => i);
  const operations = Array.from({ length: 4 + random.integer(24) }, (): OperationDeclaration => {
    const gate = possible[random.integer(possible.length)];
    const on = random.shuffle(all).slice(0, GATES[gate].wires);
    return GATES[gate].angle
      ? { gate, wires: on, angle: randomAngle(random) }
      : { gate, wires: on };
  });
  const observable = random.integer(2) === 0 ? "z" : "probabilities";
  return defineCircuit({ wires, operations, inputs: INPUTS, weights: WEIGHTS, observable });
}

function randomAngle(random: SeededRandom): Angle | number {
  const scale = random.uniform(-2, 2);
  const affine = () =>
    inputAngle(random.integer(INPUTS), {
      scale: random.uniform(-1, 1),
      offset: random.uniform(-2, 2),
    });
  switch (random.integer(4)) {
    case 0:
      return random.uniform(-4, 4);
    case 1:
      return affine();
    case 2:
      return weightAngle(random.integer(WEIGHTS), { scale });
    default:
      return productAngle([affine(), affine()], { scale });
  }
}

/** Random numbers for a circuit, with cotangents. */
export function randomArgs(random: SeededRandom, circuit: Circuit, batch: number) {
  const numbers = (count: number) =>
    Float64Array.from({ length: count }, () => random.uniform(-3, 3));
  return {
    inputs: numbers(batch * circuit.inputs),
    weights: numbers(circuit.weights),
    batch,
    cotangents: numbers(batch * circuit.outputs),
  };
}

/** The largest distance between two lists of equal length. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    // NaN must not look like agreement.
    largest = Number.isNaN(d) ? Infinity : Math.max(largest, d);
  }
  return largest;
}
