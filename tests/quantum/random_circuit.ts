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
export function randomCircuit(
  random: SeededRandom,
  maxWires: number,
  without: readonly GateName[] = [],
): Circuit {
  const wires = 1 + random.integer(maxWires);
  const possible = names.filter((name) =>
    !without.includes(name) && Math.min(...[GATES[name].wires].flat()) <= wires
  );
  const all = Array.from({ length: wires }, (_, i) => i);
  const operations = Array.from({ length: 4 + random.integer(24) }, (): OperationDeclaration => {
    const gate = possible[random.integer(possible.length)], { angle, angles, matrix } = GATES[gate];
    const sizes = [GATES[gate].wires].flat().filter((size) => size <= wires);
    const on = random.shuffle(all).slice(0, sizes[random.integer(sizes.length)]);
    return {
      gate,
      wires: on,
      ...(angle && { angle: randomAngle(random) }),
      ...(angles && { angles: [0, 1, 2].map(() => randomAngle(random)) }),
      ...(matrix && { matrix: randomUnitary(random, 2 ** on.length) }),
    };
  });
  const observable = random.integer(2) === 0 ? "z" : "probabilities";
  return defineCircuit({ wires, operations, inputs: INPUTS, weights: WEIGHTS, observable });
}

/** Gram and Schmidt on random rows; some are real, diagonal or a permutation, where angles hide. */
export function randomUnitary(random: SeededRandom, size: number) {
  const kind = random.integer(4);
  const entry = (i: number, j: number): [number, number] =>
    kind === 0
      ? [i === j ? 1 : 0, 0]
      : kind === 1
      ? [i === size - 1 - j ? 1 : 0, 0]
      : [random.uniform(-1, 1), kind === 2 ? 0 : random.uniform(-1, 1)];
  const rows: [number, number][][] = [];
  for (let i = 0; i < size; i++) {
    let row = Array.from({ length: size }, (_, j) => entry(i, j));
    for (const other of rows) {
      const re = row.reduce((sum, [a, b], k) => sum + other[k][0] * a + other[k][1] * b, 0);
      const im = row.reduce((sum, [a, b], k) => sum + other[k][0] * b - other[k][1] * a, 0);
      row = row.map(([a, b], k) => [
        a - re * other[k][0] + im * other[k][1],
        b - re * other[k][1] - im * other[k][0],
      ]);
    }
    const length = Math.hypot(...row.flat());
    rows.push(row.map(([a, b]) => [a / length, b / length]));
  }
  const flat = rows.flat();
  return { re: flat.map(([a]) => a), im: flat.map(([, b]) => b) };
}

function randomAngle(random: SeededRandom): Angle | number {
  const scale = random.uniform(-2, 2);
  const affine = () =>
    inputAngle(random.integer(INPUTS), {
      scale: random.uniform(-1, 1),
      offset: random.uniform(-2, 2),
    });
  switch (random.integer(5)) {
    case 4: // where half turns and quarter turns are
      return Math.PI / 2 * (random.integer(9) - 4);
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
