import { addAngleGradient, angleValue } from "./angle.ts";
import type { Circuit, Operation } from "./circuit.ts";
import { gateMatrix, gateMatrixDerivative, type Matrix } from "./gate_matrix.ts";
import {
  checkArgs,
  type CircuitArgs,
  type CircuitGradients,
  type Simulator,
  type VjpArgs,
} from "./simulator_contract.ts";

/**
 * The simulator to read and to compare with: one sample at a time, gate by gate, by the matrices of
 * the gates, in 64-bit numbers. Gradients by the adjoint method (Jones and Gacon, 2020).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, referenceSimulator } from "@qsight/qsight/quantum";
 * const z = referenceSimulator().forward(angleEncoding(1), {
 *   inputs: Float64Array.of(0.3),
 *   weights: new Float64Array(0),
 *   batch: 1,
 * });
 * assert.ok(Math.abs(z[0] - Math.cos(0.3)) < 1e-15);
 * ```
 */
export function referenceSimulator(): Simulator<Float64Array> {
  return { name: "reference", reentrant: true, forward, vjp };
}

interface State {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function forward(circuit: Circuit, args: CircuitArgs): Float64Array {
  checkArgs("referenceSimulator().forward()", circuit, args);
  const outputs = new Float64Array(args.batch * circuit.outputs);
  for (let sample = 0; sample < args.batch; sample++) {
    const state = prepare(circuit, args, sample);
    outputs.set(measure(circuit, state), sample * circuit.outputs);
  }
  return outputs;
}

function vjp(circuit: Circuit, args: VjpArgs): CircuitGradients<Float64Array> {
  checkArgs("referenceSimulator().vjp()", circuit, args);
  const outputs = new Float64Array(args.batch * circuit.outputs);
  const inputGradient = new Float64Array(args.batch * circuit.inputs);
  const weightGradient = new Float64Array(circuit.weights);
  for (let sample = 0; sample < args.batch; sample++) {
    const psi = prepare(circuit, args, sample);
    outputs.set(measure(circuit, psi), sample * circuit.outputs);
    const at = sample * circuit.outputs;
    const lambda = observe(circuit, psi, args.cotangents.subarray(at, at + circuit.outputs));
    const row = sample * circuit.inputs;
    for (const operation of circuit.operations.toReversed()) {
      const theta = thetaOf(operation, args, row);
      const back = dagger(gateMatrix(operation.gate, theta));
      apply(psi, back, masks(circuit, operation));
      if (operation.angle !== undefined) {
        const moved = { re: psi.re.slice(), im: psi.im.slice() };
        apply(moved, gateMatrixDerivative(operation.gate, theta), masks(circuit, operation));
        const slope = 2 * realOverlap(lambda, moved);
        const into = { inputs: args.inputs, row, inputGradient, weightGradient };
        addAngleGradient(operation.angle, slope, into);
      }
      apply(lambda, back, masks(circuit, operation));
    }
  }
  return { outputs, inputs: inputGradient, weights: weightGradient };
}

function prepare(circuit: Circuit, args: CircuitArgs, sample: number): State {
  const state = {
    re: new Float64Array(2 ** circuit.wires),
    im: new Float64Array(2 ** circuit.wires),
  };
  state.re[0] = 1;
  for (const operation of circuit.operations) {
    const theta = thetaOf(operation, args, sample * circuit.inputs);
    apply(state, gateMatrix(operation.gate, theta), masks(circuit, operation));
  }
  return state;
}

function thetaOf({ angle }: Operation, { inputs, weights }: CircuitArgs, row: number): number {
  return angle === undefined ? 0 : angleValue(angle, { inputs, weights, row });
}

/** The bit of each wire of the operation; wire 0 is the most significant. */
function masks(circuit: Circuit, { wires }: Operation): number[] {
  return wires.map((wire) => 1 << (circuit.wires - 1 - wire));
}

/** Multiplies the state by a matrix on the given bits, in place. */
function apply({ re, im }: State, matrix: Matrix, bits: readonly number[]): void {
  const size = matrix.length;
  const all = bits.reduce((sum, bit) => sum | bit, 0);
  const offsets = matrix.map((_, k) =>
    bits.reduce((sum, bit, i) => sum | ((k >> (bits.length - 1 - i)) & 1 ? bit : 0), 0)
  );
  const oldRe = new Float64Array(size), oldIm = new Float64Array(size);
  for (let base = 0; base < re.length; base++) {
    if ((base & all) !== 0) continue;
    for (let j = 0; j < size; j++) {
      oldRe[j] = re[base | offsets[j]];
      oldIm[j] = im[base | offsets[j]];
    }
    for (let i = 0; i < size; i++) {
      let sumRe = 0, sumIm = 0;
      for (let j = 0; j < size; j++) {
        const [a, b] = matrix[i][j];
        sumRe += a * oldRe[j] - b * oldIm[j];
        sumIm += a * oldIm[j] + b * oldRe[j];
      }
      re[base | offsets[i]] = sumRe;
      im[base | offsets[i]] = sumIm;
    }
  }
}

function dagger(matrix: Matrix): Matrix {
  return matrix.map((row, i) => row.map((_, j) => [matrix[j][i][0], -matrix[j][i][1]] as const));
}

function measure(circuit: Circuit, { re, im }: State): Float64Array {
  const probabilities = re.map((value, i) => value * value + im[i] * im[i]);
  if (circuit.observable === "probabilities") return probabilities;
  return Float64Array.from({ length: circuit.wires }, (_, wire) => {
    const bit = 1 << (circuit.wires - 1 - wire);
    return probabilities.reduce((sum, p, i) => sum + (i & bit ? -p : p), 0);
  });
}

/** The observable, weighted by the cotangents, applied to the state. */
function observe(circuit: Circuit, { re, im }: State, cotangents: ArrayLike<number>): State {
  const weight = (i: number) => {
    if (circuit.observable === "probabilities") return cotangents[i];
    let sum = 0;
    for (let wire = 0; wire < circuit.wires; wire++) {
      sum += (i >> (circuit.wires - 1 - wire)) & 1 ? -cotangents[wire] : cotangents[wire];
    }
    return sum;
  };
  return {
    re: re.map((value, i) => value * weight(i)),
    im: im.map((value, i) => value * weight(i)),
  };
}

function realOverlap(a: State, b: State): number {
  return a.re.reduce((sum, value, i) => sum + value * b.re[i] + a.im[i] * b.im[i], 0);
}
