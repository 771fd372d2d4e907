import type { AffineInput, Angle } from "../../quantum/angle.ts";
import type { Circuit } from "../../quantum/circuit.ts";
import { gateMatrix } from "../../quantum/gate_matrix.ts";
import { type Step, stepsOf } from "../../quantum/reference_simulator.ts";
import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import type { CircuitTensors } from "./circuit_tensors.ts";

/** Real and imaginary part, `[batch, 2 ** wires]` each. */
interface State {
  readonly re: Tensor;
  readonly im: Tensor;
}

/** A circuit as operations of TensorFlow.js, in order. */
type Move = (tf: Tf, state: State, numbers: CircuitTensors) => State;

const compiled = new WeakMap<Circuit, readonly Move[]>();

/**
 * A circuit by operations of TensorFlow.js alone, differentiable by its own tape. It reads no value,
 * which is what WebGPU needs in the middle of a step; hundreds of times slower than a simulator.
 */
export function circuitOps(
  tf: Tf,
  circuit: Circuit,
  numbers: CircuitTensors,
): Tensor2D {
  const moves = compiled.get(circuit) ?? stepsOf(circuit).map((step) => moveOf(circuit, step));
  compiled.set(circuit, moves);
  const batch = numbers.inputs.shape[0], states = 2 ** circuit.wires;
  const first = tf.oneHot(tf.zeros([batch], "int32"), states).cast("float32");
  let state: State = { re: first, im: tf.zeros([batch, states]) };
  for (const move of moves) state = move(tf, state, numbers);
  // Numbers that no gate reads have a slope of 0 all the same, and a NaN among them shows.
  const nothing = numbers.inputs.sum(1, true).add(numbers.weights.sum()).mul(0);
  const probabilities = state.re.square().add(state.im.square()).add(nothing) as Tensor2D;
  if (circuit.observable === "probabilities") return probabilities;
  return tf.matMul(probabilities, tf.tensor2d(signs(circuit), [states, circuit.wires]));
}

/** +1 where a wire is down in a basis state, -1 where it is up; `[states, wires]`. */
function signs({ wires }: Circuit): Float32Array {
  return Float32Array.from(
    { length: 2 ** wires * wires },
    (_, k) => (Math.floor(k / wires) >> (wires - 1 - k % wires)) & 1 ? -1 : 1,
  );
}

/** One number for each basis state, a constant of the circuit. */
interface Coefficients {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/** The amplitudes with the bits `flip` turned over, times `fixed + cos · cosine + sin · sine`. */
interface Part {
  readonly flip: number;
  readonly fixed: Coefficients;
  readonly cosine: Coefficients;
  readonly sine: Coefficients;
}

/** Each gate here is a sum of flipped copies of the state with coefficients. */
function moveOf(circuit: Circuit, step: Step): Move {
  const rate = step.gate === "p" ? 1 : 0.5;
  const parts = partsOf(circuit, step, rate);
  const { angle } = step;
  return (tf, state, numbers) => {
    const half = angle && angleTensor(tf, angle, numbers).mul(rate);
    const cos = half?.cos(), sin = half?.sin();
    let sum: State | undefined;
    for (const part of parts) {
      const { re, im } = flipped(state, part.flip);
      const factor = (which: "re" | "im") => {
        const terms: Tensor[] = [];
        const add = (values: Float32Array, by?: Tensor) => {
          if (values.every((value) => value === 0)) return;
          const row = tf.tensor2d(values, [1, values.length]);
          terms.push(by === undefined ? row : row.mul(by));
        };
        add(part.fixed[which]);
        add(part.cosine[which], cos);
        add(part.sine[which], sin);
        return terms.length === 0 ? undefined : terms.reduce((a, b) => a.add(b));
      };
      const a = factor("re"), b = factor("im");
      sum = joined(sum, a && { re: re.mul(a), im: im.mul(a) });
      sum = joined(sum, b && { re: im.mul(b).neg(), im: re.mul(b) });
    }
    return sum!;
  };
}

function joined(a: State | undefined, b: State | undefined): State | undefined {
  return a && b ? { re: a.re.add(b.re), im: a.im.add(b.im) } : a ?? b;
}

/** The matrix of the gate in front of the amplitudes, wherever one of its entries is not 0. */
function partsOf(circuit: Circuit, step: Step, rate: number): Part[] {
  // M(θ) = fixed + cos(rate θ) cosine + sin(rate θ) sine, known from three angles.
  const at = (turn: number) => step.matrix ?? gateMatrix(step.gate, turn / rate);
  const start = at(0), middle = at(Math.PI / 2), end = at(Math.PI);
  const turned = step.angle !== undefined;
  const entry = (which: "re" | "im", k: number) => {
    const fixed = turned ? (start[which][k] + end[which][k]) / 2 : start[which][k];
    const cosine = turned ? (start[which][k] - end[which][k]) / 2 : 0;
    return { fixed, cosine, sine: turned ? middle[which][k] - fixed : 0 };
  };
  const { targets, control } = step, size = 2 ** targets.length, states = 2 ** circuit.wires;
  const localOf = (state: number) =>
    targets.reduce((local, bit) => 2 * local + (state & bit ? 1 : 0), 0);
  return Array.from({ length: size }, (_, other): Part => {
    const flip = targets.reduce(
      (mask, bit, i) => (other >> (targets.length - 1 - i)) & 1 ? mask | bit : mask,
      0,
    );
    const row = (what: "fixed" | "cosine" | "sine"): Coefficients => {
      const of = (which: "re" | "im") =>
        Float32Array.from({ length: states }, (_, state) => {
          // Where the control is down nothing happens.
          if ((state & control) !== control) {
            return what === "fixed" && which === "re" && other === 0 ? 1 : 0;
          }
          const local = localOf(state);
          return entry(which, local * size + (local ^ other))[what];
        });
      return { re: of("re"), im: of("im") };
    };
    return { flip, fixed: row("fixed"), cosine: row("cosine"), sine: row("sine") };
  });
}

/** The amplitudes with some bits of their index turned over. */
function flipped({ re, im }: State, flip: number): State {
  const [batch, states] = re.shape;
  const turn = (tensor: Tensor) => {
    let out = tensor;
    for (let bit = 1; bit < states; bit *= 2) {
      if ((flip & bit) === 0) continue;
      out = out.reshape([batch * states / (2 * bit), 2, bit]).reverse(1).reshape([batch, states]);
    }
    return out;
  };
  return flip === 0 ? { re, im } : { re: turn(re), im: turn(im) };
}

/** `[batch, 1]`, or `[1, 1]` where all samples have the same. */
function angleTensor(tf: Tf, angle: Angle, { inputs, weights }: CircuitTensors): Tensor {
  const input = ({ index, scale, offset }: AffineInput) =>
    inputs.slice([0, index], [-1, 1]).mul(scale).add(offset);
  switch (angle.kind) {
    case "const":
      return tf.tensor2d([[angle.value]]);
    case "input":
      return input(angle);
    case "weight":
      return weights.slice([angle.index], [1]).reshape([1, 1]).mul(angle.scale);
    case "product":
      return input(angle.factors[0]).mul(input(angle.factors[1])).mul(angle.scale);
  }
}
