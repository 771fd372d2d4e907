// Noise written down again as channels on density matrices, by Kraus operators on whole matrices.
import type { Circuit } from "../../src/quantum/circuit.ts";
import type { NoiseOptions } from "../../src/quantum/noise.ts";
import { adjointOf, type M, matrixOf, on, plus, real, thetaOf, times } from "./dense_oracle.ts";

const root = (p: number, rows: number[][]): M =>
  real(rows.map((row) => row.map((x) => x * Math.sqrt(p))));
const I = [[1, 0], [0, 1]], X = [[0, 1], [1, 0]], Z = [[1, 0], [0, -1]];

/** Kraus operators of each channel in the order in which they strike. */
function channels(noise: NoiseOptions): M[][] {
  const { depolarizing: d = 0, bitFlip: b = 0, phaseFlip: f = 0, amplitudeDamping: g = 0 } = noise;
  // Y up to a phase, which a channel does not see.
  const y = [[0, -1], [1, 0]];
  return [
    [root(1 - d, I), root(d / 3, X), root(d / 3, y), root(d / 3, Z)],
    [root(1 - b, I), root(b, X)],
    [root(1 - f, I), root(f, Z)],
    [real([[1, 0], [0, Math.sqrt(1 - g)]]), real([[0, Math.sqrt(g)], [0, 0]])],
  ];
}

/** The probabilities of one sample under noise. */
export function channelProbabilities(
  circuit: Circuit,
  { inputs, weights }: { readonly inputs: Float64Array; readonly weights: Float64Array },
  noise: NoiseOptions,
): number[] {
  const n = circuit.wires;
  let rho: M = real(
    Array.from(
      { length: 2 ** n },
      (_, i) => Array.from({ length: 2 ** n }, (_, j) => Number(i === 0 && j === 0)),
    ),
  );
  for (const operation of circuit.operations) {
    const { wires, angle, angles = [angle] } = operation;
    const u = matrixOf(n, operation, angles.map((one) => thetaOf(one, inputs, weights)));
    rho = times(times(u, rho), adjointOf(u));
    for (const wire of wires) {
      for (const kraus of channels(noise)) {
        rho = kraus.map((k) => on(n, new Map([[wire, k]])))
          .map((k) => times(times(k, rho), adjointOf(k))).reduce(plus);
      }
    }
  }
  const { readout = 0 } = noise;
  const [up, down] = typeof readout === "number" ? [readout, readout] : readout;
  const read = Array.from({ length: n }, () => real([[1 - up, down], [up, 1 - down]]));
  const confusion = on(n, new Map(read.map((m, wire) => [wire, m])));
  return times(confusion, rho.map((row, i) => [row[i]])).map(([[p]]) => p);
}
