import { addAngleGradient, type Angle, angleValue, dependsOnInput } from "./angle.ts";
import type { Circuit } from "./circuit.ts";
import { elementaryOperations } from "./elementary_operations.ts";
import type { GateName } from "./gates.ts";
import { adjoint, controlledBase, gateGenerator, gateMatrix, type Matrix } from "./gate_matrix.ts";
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
  return { name: "reference", reentrant: true, gradientMethod: "adjoint", forward, vjp };
}

/** The 2^wires amplitudes of one sample. */
export interface State {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** An operation with its wires turned into bits of the index of an amplitude. */
export interface Step {
  /** Without its control: for `cx` this is `x`. */
  readonly gate: GateName;
  readonly angle: Angle | undefined;
  readonly matrix: Matrix | undefined;
  /** The gate acts on amplitudes that have this bit set; 0 acts on all. */
  readonly control: number;
  /** One bit for a 2x2 matrix, two for a 4x4; wire 0 is the most significant bit. */
  readonly targets: readonly number[];
}

function forward(circuit: Circuit, args: CircuitArgs): Float64Array {
  checkArgs("referenceSimulator().forward()", circuit, args);
  const steps = stepsOf(circuit), shared = sharedMatrices(steps, args);
  const outputs = new Float64Array(args.batch * circuit.outputs);
  const psi = newState(circuit);
  for (let sample = 0; sample < args.batch; sample++) {
    const row = sample * circuit.inputs;
    prepare(psi, steps, steps.map((step, k) => shared[k] ?? matrixOf(step, args, row)));
    measure(circuit, psi, rowOf(outputs, sample, circuit.outputs));
  }
  return outputs;
}

function vjp(circuit: Circuit, args: VjpArgs): CircuitGradients<Float64Array> {
  checkArgs("referenceSimulator().vjp()", circuit, args);
  const steps = stepsOf(circuit), shared = sharedMatrices(steps, args);
  const outputs = new Float64Array(args.batch * circuit.outputs);
  const inputGradient = new Float64Array(args.batch * circuit.inputs);
  const weightGradient = new Float64Array(circuit.weights);
  const psi = newState(circuit), lambda = newState(circuit), moved = newState(circuit);
  for (let sample = 0; sample < args.batch; sample++) {
    const row = sample * circuit.inputs;
    const into = { inputs: args.inputs, row, inputGradient, weightGradient };
    const matrices = steps.map((step, k) => shared[k] ?? matrixOf(step, args, row));
    prepare(psi, steps, matrices);
    measure(circuit, psi, rowOf(outputs, sample, circuit.outputs));
    observe(circuit, { psi, lambda, cotangents: rowOf(args.cotangents, sample, circuit.outputs) });
    for (let k = steps.length - 1; k >= 0; k--) {
      const { gate, angle, control } = steps[k];
      if (angle !== undefined) {
        // dψ/dθ = -i/2 G ψ, which makes the slope 2 Re<λ|dψ/dθ> = Im<λ|G ψ>.
        moved.re.set(psi.re);
        moved.im.set(psi.im);
        apply(gateGenerator(gate), moved, steps[k]);
        addAngleGradient(angle, imaginaryOverlap(lambda, moved, control), into);
      }
      const undo = adjoint(matrices[k]);
      apply(undo, psi, steps[k]);
      apply(undo, lambda, steps[k]);
    }
  }
  return { outputs, inputs: inputGradient, weights: weightGradient };
}

/** The operations of a circuit, their controls apart. */
export function stepsOf(circuit: Circuit): Step[] {
  return elementaryOperations(circuit.operations).map(({ gate, wires, angle, matrix }) => {
    const bits = wires.map((wire) => 1 << (circuit.wires - 1 - wire));
    const base = controlledBase(gate);
    return base === undefined
      ? { gate, angle, matrix, control: 0, targets: bits }
      : { gate: base, angle, matrix, control: bits[0], targets: [bits[1]] };
  });
}

/** The matrix of a step for the sample whose inputs start at `row`. */
export function matrixOf(step: Step, { inputs, weights }: CircuitArgs, row: number): Matrix {
  const { gate, angle, matrix } = step;
  return matrix ??
    gateMatrix(gate, angle === undefined ? 0 : angleValue(angle, { inputs, weights, row }));
}

/** The matrices that are the same for all samples; undefined where the inputs turn the gate. */
function sharedMatrices(steps: readonly Step[], args: CircuitArgs): (Matrix | undefined)[] {
  return steps.map((step) =>
    step.angle !== undefined && dependsOnInput(step.angle) ? undefined : matrixOf(step, args, 0)
  );
}

function rowOf<A extends Float32Array | Float64Array>(values: A, row: number, width: number): A {
  return values.subarray(row * width, (row + 1) * width) as A;
}

/** Amplitudes that are all 0. */
export function newState(circuit: Circuit): State {
  return { re: new Float64Array(2 ** circuit.wires), im: new Float64Array(2 ** circuit.wires) };
}

/** Runs all gates on |0…0>. */
export function prepare(psi: State, steps: readonly Step[], matrices: readonly Matrix[]): void {
  psi.re.fill(0);
  psi.im.fill(0);
  psi.re[0] = 1;
  steps.forEach((step, k) => apply(matrices[k], psi, step));
}

/** Multiplies the state by the matrix of a step, in place. */
export function apply(
  matrix: Matrix,
  state: State,
  { control, targets }: Pick<Step, "control" | "targets">,
): void {
  if (targets.length === 1) applyToPairs(matrix, state, { control, target: targets[0] });
  else applyToFours(matrix, state, targets);
}

/** A 2x2 matrix on each two amplitudes (x, y) whose indices differ in the target bit only. */
function applyToPairs(
  matrix: Matrix,
  { re, im }: State,
  { control, target }: { readonly control: number; readonly target: number },
): void {
  const ar = matrix.re[0], br = matrix.re[1], cr = matrix.re[2], dr = matrix.re[3];
  const ai = matrix.im[0], bi = matrix.im[1], ci = matrix.im[2], di = matrix.im[3];
  for (let block = 0; block < re.length; block += 2 * target) {
    for (let i = block; i < block + target; i++) {
      if ((i & control) !== control) continue;
      const j = i + target;
      const xr = re[i], xi = im[i], yr = re[j], yi = im[j];
      re[i] = ar * xr - ai * xi + br * yr - bi * yi;
      im[i] = ar * xi + ai * xr + br * yi + bi * yr;
      re[j] = cr * xr - ci * xi + dr * yr - di * yi;
      im[j] = cr * xi + ci * xr + dr * yi + di * yr;
    }
  }
}

/** A 4x4 matrix on each four amplitudes whose indices differ in the two target bits only. */
function applyToFours(matrix: Matrix, { re, im }: State, [high, low]: readonly number[]): void {
  const offsets = [0, low, high, high | low];
  const oldRe = new Float64Array(4), oldIm = new Float64Array(4);
  for (let base = 0; base < re.length; base++) {
    if ((base & (high | low)) !== 0) continue;
    for (let k = 0; k < 4; k++) {
      oldRe[k] = re[base + offsets[k]];
      oldIm[k] = im[base + offsets[k]];
    }
    for (let i = 0; i < 4; i++) {
      let sumRe = 0, sumIm = 0;
      for (let k = 0; k < 4; k++) {
        const a = matrix.re[4 * i + k], b = matrix.im[4 * i + k];
        sumRe += a * oldRe[k] - b * oldIm[k];
        sumIm += a * oldIm[k] + b * oldRe[k];
      }
      re[base + offsets[i]] = sumRe;
      im[base + offsets[i]] = sumIm;
    }
  }
}

/** Im<λ|φ> over the amplitudes that have the control bit set: elsewhere a controlled G is zero. */
function imaginaryOverlap(lambda: State, phi: State, control: number): number {
  let sum = 0;
  for (let i = 0; i < phi.re.length; i++) {
    if ((i & control) !== control) continue;
    sum += lambda.re[i] * phi.im[i] - lambda.im[i] * phi.re[i];
  }
  return sum;
}

/** Adds up the outputs of one sample, which must be zero before. */
function measure(circuit: Circuit, { re, im }: State, outputs: Float64Array): void {
  for (let i = 0; i < re.length; i++) {
    const probability = re[i] * re[i] + im[i] * im[i];
    if (circuit.observable === "probabilities") outputs[i] = probability;
    else {
      for (let wire = 0; wire < circuit.wires; wire++) {
        outputs[wire] += isUp(circuit, i, wire) ? -probability : probability;
      }
    }
  }
}

/** Makes λ the observable, weighted by the cotangents, applied to ψ. */
function observe(circuit: Circuit, { psi, lambda, cotangents }: {
  readonly psi: State;
  readonly lambda: State;
  readonly cotangents: ArrayLike<number>;
}): void {
  for (let i = 0; i < psi.re.length; i++) {
    let weight = 0;
    if (circuit.observable === "probabilities") weight = cotangents[i];
    else {
      for (let wire = 0; wire < circuit.wires; wire++) {
        weight += isUp(circuit, i, wire) ? -cotangents[wire] : cotangents[wire];
      }
    }
    lambda.re[i] = weight * psi.re[i];
    lambda.im[i] = weight * psi.im[i];
  }
}

function isUp({ wires }: Circuit, index: number, wire: number): boolean {
  return ((index >> (wires - 1 - wire)) & 1) === 1;
}
