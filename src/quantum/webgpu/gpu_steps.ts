import { type Angle, dependsOnInput } from "../angle.ts";
import type { Circuit } from "../circuit.ts";
import { adjoint, gateGenerator, type Matrix } from "../gate_matrix.ts";
import { matrixOf, stepsOf } from "../reference_simulator.ts";
import type { CircuitArgs } from "../simulator_contract.ts";
import { type Kernel, STEP_BYTES, SUMS } from "./shaders.ts";

/** One dispatch. */
export interface GpuCall {
  readonly kernel: Kernel;
  /** Of the step in the buffer of steps. */
  readonly offset: number;
  /** Threads of a sample, or "sums" for as many workgroups as leave partial sums. */
  readonly threads: number | "sums";
}

/** A circuit with its numbers as buffers and dispatches. */
export interface GpuProgram {
  readonly steps: ArrayBuffer;
  readonly matrices: Float32Array<ArrayBuffer>;
  readonly forward: readonly GpuCall[];
  readonly back: readonly GpuCall[];
  /** The angles whose slopes the sums are, in the order of the sums. */
  readonly angles: readonly Angle[];
}

/** Writes a circuit down for the device, for one batch of numbers. */
export function gpuProgram(circuit: Circuit, args: CircuitArgs): GpuProgram {
  const states = 2 ** circuit.wires;
  const records: number[][] = [], matrices: number[] = [], angles: Angle[] = [];
  const place = (list: readonly Matrix[]) => {
    const at = matrices.length / 2;
    for (const { re, im } of list) re.forEach((x, k) => matrices.push(x, im[k]));
    return { matrix: at, stride: list.length > 1 ? list[0].re.length : 0 };
  };
  const record = (values: readonly number[]) => (records.push([...values]) - 1) * STEP_BYTES;
  const whole = record([0, 0, 0, states, 0, 0, 0, 0]);
  const forward: GpuCall[] = [{ kernel: "start", offset: whole, threads: states }];
  const back: GpuCall[] = [];
  for (const step of stepsOf(circuit)) {
    const { angle, control, targets, gate } = step;
    const varies = angle !== undefined && dependsOnInput(angle);
    const list = Array.from(
      { length: varies ? args.batch : 1 },
      (_, sample) => matrixOf(step, args, sample * circuit.inputs),
    );
    const wide = targets.length === 2;
    const [high, low] = wide ? targets : [0, targets[0]];
    const bits = [control, high, low, states];
    const threads = states / (wide ? 4 : 2);
    const { matrix, stride } = place(list);
    const offset = record([...bits, matrix, stride, 0, 0]);
    forward.push({ kernel: wide ? "fours" : "pairs", offset, threads });
    const undo = place(list.map(adjoint));
    const undoing: GpuCall[] = [{
      kernel: wide ? "fours_back" : "pairs_back",
      offset: record([...bits, undo.matrix, undo.stride, 0, 0]),
      threads,
    }];
    if (angle !== undefined && angle.kind !== "const") {
      const { matrix } = place([gateGenerator(gate)]);
      const sums = angles.push(angle) - 1;
      const at = record([...bits, matrix, 0, sums * args.batch * SUMS, 0]);
      undoing.unshift({
        kernel: wide ? "overlap_fours" : "overlap_pairs",
        offset: at,
        threads: "sums",
      });
    }
    back.unshift(...undoing);
  }
  forward.push({ kernel: "measure", offset: whole, threads: states });
  back.unshift({ kernel: "seed", offset: whole, threads: states });
  const steps = new ArrayBuffer(records.length * STEP_BYTES);
  records.forEach((values, i) => new Uint32Array(steps, i * STEP_BYTES, values.length).set(values));
  return { steps, matrices: Float32Array.from(matrices), forward, back, angles };
}
