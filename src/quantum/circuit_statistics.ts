import { anglesOf, type Circuit } from "./circuit.ts";
import type { GateName } from "./gates.ts";

/** What a circuit consists of. */
export interface CircuitStatistics {
  /** Number of qubits. */
  readonly wires: number;
  /** The longest chain of gates that must follow each other. */
  readonly depth: number;
  /** Number of gates. */
  readonly gates: number;
  /** Number of gates of each kind. */
  readonly gateCounts: Readonly<Partial<Record<GateName, number>>>;
  /** Number of gates on two wires. */
  readonly twoQubitGates: number;
  /** Weights and inputs that some angle reads. */
  readonly parameters: number;
  /** Length of an input row. */
  readonly inputs: number;
  /** Number of weights. */
  readonly weights: number;
}

/**
 * Counts depth, gates and parameters.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { circuitStatistics, realAmplitudes } from "@qsight/qsight/quantum";
 * const { depth, twoQubitGates } = circuitStatistics(realAmplitudes(3, { reps: 1 }));
 * assert.deepEqual([depth, twoQubitGates], [4, 2]);
 * ```
 */
export function circuitStatistics(circuit: Circuit): CircuitStatistics {
  const levels = new Array<number>(circuit.wires).fill(0);
  const gateCounts: Partial<Record<GateName, number>> = {};
  const read = new Set<string>();
  let twoQubitGates = 0;
  for (const operation of circuit.operations) {
    const { gate, wires } = operation;
    const level = 1 + Math.max(...wires.map((wire) => levels[wire]));
    for (const wire of wires) levels[wire] = level;
    gateCounts[gate] = (gateCounts[gate] ?? 0) + 1;
    if (wires.length === 2) twoQubitGates++;
    for (const angle of anglesOf(operation)) {
      if (angle.kind === "input" || angle.kind === "weight") {
        read.add(`${angle.kind} ${angle.index}`);
      }
      if (angle.kind === "product") {
        angle.factors.forEach(({ index }) => read.add(`input ${index}`));
      }
    }
  }
  return {
    wires: circuit.wires,
    depth: Math.max(...levels),
    gates: circuit.operations.length,
    gateCounts,
    twoQubitGates,
    parameters: read.size,
    inputs: circuit.inputs,
    weights: circuit.weights,
  };
}
