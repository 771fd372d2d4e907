import type { Circuit } from "../quantum/circuit.ts";
import { type SymbolicTensor, tfjs } from "../tensors/tf.ts";
import type { BuildContext } from "./build_context.ts";
import { connect } from "./layers/connect.ts";

/** One layer in the place of a circuit: `bands` numbers for each output, and a bias where `bias`. */
export interface MatchedLayer {
  readonly bands: number;
  readonly bias: boolean;
}

/**
 * Classical layers with exactly as many parameters as a circuit has angles: whole dense layers with
 * bias while there is enough, and the rest as the diagonals of one more matrix. 4 inputs and 36
 * angles are a dense layer with bias (20) and one without (16); 8 and 72 are one with bias.
 *
 * @throws {RangeError} for a circuit with other outputs than inputs, or angles that do not go into them
 */
export function matchedLayers(
  { inputs, outputs, weights }: Pick<Circuit, "inputs" | "outputs" | "weights">,
): MatchedLayer[] {
  if (inputs !== outputs || inputs === 0 || weights % inputs !== 0 || weights === 0) {
    throw new RangeError(
      `hybridModel: quantumHead: no classical layers match a circuit of ${inputs} inputs, ` +
        `${outputs} outputs and ${weights} angles: wanted as many outputs as inputs, and some angles ` +
        `for each; use a circuit from wires and layers, or between: "nothing"`,
    );
  }
  const perOutput = weights / inputs;
  const whole = Math.floor(perOutput / (inputs + 1)), rest = perOutput % (inputs + 1);
  return [
    ...Array.from({ length: whole }, () => ({ bands: inputs, bias: true })),
    ...rest > 0 ? [{ bands: rest, bias: false }] : [],
  ];
}

/** The classical control of a circuit: {@linkcode matchedLayers}, a tanh behind each. */
export function matchedOutputs(
  x: SymbolicTensor,
  circuit: Circuit,
  { own, seedOf }: BuildContext,
): SymbolicTensor {
  const { layers } = tfjs();
  matchedLayers(circuit).forEach((matched, i) => {
    const name = `quantum_matched${i + 1}`;
    const units = circuit.outputs;
    x = connect(new own.BandedDense({ name, units, seed: seedOf(460 + i), ...matched }), x);
    // Bounded as the expectations of a circuit are.
    x = connect(layers.activation({ name: `${name}_tanh`, activation: "tanh" }), x);
  });
  return x;
}
