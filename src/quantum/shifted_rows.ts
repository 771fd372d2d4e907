import { addAngleGradient, angleValue } from "./angle.ts";
import type { Circuit } from "./circuit.ts";
import { anglesToInputs, freeAngles, weightsToInputs } from "./free_angles.ts";
import type { GateName } from "./gates.ts";
import type { CircuitGradients, VjpArgs } from "./simulator_contract.ts";

/** One evaluation: which number is moved, by how much, and the factor of the outputs found there. */
interface Shift {
  readonly at: number;
  readonly by: number;
  readonly factor: number;
}

const TWO_TERMS = [[Math.PI / 2, 0.5], [-Math.PI / 2, -0.5]] as const;
// A controlled rotation has frequencies 1/2 and 1 (Anselmetti et al., New J. Phys. 23, 2021).
const NEAR = (Math.SQRT2 + 1) / (4 * Math.SQRT2), FAR = (Math.SQRT2 - 1) / (4 * Math.SQRT2);
const FOUR_TERMS = [
  [Math.PI / 2, NEAR],
  [-Math.PI / 2, -NEAR],
  [3 * Math.PI / 2, -FAR],
  [-3 * Math.PI / 2, FAR],
] as const;
const CONTROLLED: readonly GateName[] = ["crx", "cry", "crz"];

/**
 * A gradient from outputs alone: one circuit whose numbers are all inputs, and the rows at which it
 * has to be run. For each sample comes the row itself and then its shifts.
 */
export class ShiftedRows {
  /** Takes a row each time it runs. */
  readonly circuit: Circuit;
  /** Rows in all. */
  readonly count: number;
  readonly #base: Float64Array;
  readonly #shifts: readonly Shift[];
  readonly #args: VjpArgs;
  readonly #width: number;
  readonly #outputs: Float64Array;
  readonly #slopes: Float64Array;
  readonly #finish: (slopes: Float64Array) => Omit<CircuitGradients<Float64Array>, "outputs">;

  private constructor(
    circuit: Circuit,
    { args, base, shifts, finish }: {
      readonly args: VjpArgs;
      readonly base: Float64Array;
      readonly shifts: readonly Shift[];
      readonly finish: (slopes: Float64Array) => Omit<CircuitGradients<Float64Array>, "outputs">;
    },
  ) {
    this.circuit = circuit;
    this.#base = base;
    this.#shifts = shifts;
    this.#args = args;
    this.#finish = finish;
    this.#width = args.cotangents.length / args.batch;
    this.count = args.batch * (shifts.length + 1);
    this.#outputs = new Float64Array(args.cotangents.length);
    this.#slopes = new Float64Array(args.batch * circuit.inputs);
  }

  /** By the parameter-shift rule, gate by gate: two terms, four for a controlled rotation. */
  static byRule(circuit: Circuit, args: VjpArgs): ShiftedRows {
    const angles = freeAngles(circuit);
    const { batch, inputs, weights } = args;
    const base = new Float64Array(batch * angles.length);
    for (let sample = 0; sample < batch; sample++) {
      const row = sample * circuit.inputs;
      angles.forEach(({ angle }, k) =>
        base[sample * angles.length + k] = angleValue(angle, { inputs, weights, row })
      );
    }
    const shifts = angles.flatMap(({ gate }, at) =>
      (CONTROLLED.includes(gate) ? FOUR_TERMS : TWO_TERMS).map(([by, factor]) => ({
        at,
        by,
        factor,
      }))
    );
    const finish = (slopes: Float64Array) => {
      const inputGradient = new Float64Array(inputs.length);
      const weightGradient = new Float64Array(circuit.weights);
      slopes.forEach((slope, i) => {
        const row = Math.floor(i / angles.length) * circuit.inputs;
        const into = { inputs, row, inputGradient, weightGradient };
        addAngleGradient(angles[i % angles.length].angle, slope, into);
      });
      return { inputs: inputGradient, weights: weightGradient };
    };
    return new ShiftedRows(anglesToInputs(circuit), { args, base, shifts, finish });
  }

  /** By central differences in each input and weight. */
  static byDifference(circuit: Circuit, args: VjpArgs, step: number): ShiftedRows {
    const { batch, inputs, weights } = args;
    const width = circuit.inputs + circuit.weights;
    const base = new Float64Array(batch * width);
    for (let sample = 0; sample < batch; sample++) {
      const row = inputs.subarray(sample * circuit.inputs, (sample + 1) * circuit.inputs);
      base.set(row, sample * width);
      base.set(weights, sample * width + circuit.inputs);
    }
    const shifts = Array.from({ length: width }, (_, at) => [
      { at, by: step, factor: 1 / (2 * step) },
      { at, by: -step, factor: -1 / (2 * step) },
    ]).flat();
    const finish = (slopes: Float64Array) => {
      const inputGradient = new Float64Array(inputs.length);
      const weightGradient = new Float64Array(circuit.weights);
      slopes.forEach((slope, i) => {
        const sample = Math.floor(i / width), at = i % width;
        if (at < circuit.inputs) inputGradient[sample * circuit.inputs + at] = slope;
        else weightGradient[at - circuit.inputs] += slope;
      });
      return { inputs: inputGradient, weights: weightGradient };
    };
    return new ShiftedRows(weightsToInputs(circuit), { args, base, shifts, finish });
  }

  /** The numbers of some rows. */
  rows(start: number, end: number): Float64Array {
    const { inputs: width } = this.circuit;
    const each = this.#shifts.length + 1;
    const out = new Float64Array((end - start) * width);
    for (let row = start; row < end; row++) {
      const sample = Math.floor(row / each), at = (row - start) * width;
      out.set(this.#base.subarray(sample * width, (sample + 1) * width), at);
      if (row % each > 0) {
        const shift = this.#shifts[row % each - 1];
        out[at + shift.at] += shift.by;
      }
    }
    return out;
  }

  /** Takes in the outputs of the rows from `start` on. */
  add(start: number, outputs: ArrayLike<number>): void {
    const width = this.#width, each = this.#shifts.length + 1;
    for (let k = 0; k < outputs.length / width; k++) {
      const sample = Math.floor((start + k) / each), which = (start + k) % each - 1;
      if (which < 0) {
        for (let i = 0; i < width; i++) this.#outputs[sample * width + i] = outputs[k * width + i];
        continue;
      }
      const { at, factor } = this.#shifts[which];
      let sum = 0;
      for (let i = 0; i < width; i++) {
        sum += this.#args.cotangents[sample * width + i] * outputs[k * width + i];
      }
      this.#slopes[sample * this.circuit.inputs + at] += factor * sum;
    }
  }

  /** The gradient, when all rows were taken in. */
  gradients(): CircuitGradients<Float64Array> {
    return { outputs: this.#outputs, ...this.#finish(this.#slopes) };
  }
}
