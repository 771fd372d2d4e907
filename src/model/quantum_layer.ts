import { checkOptions } from "../_internal/check_options.ts";
import { checkSeed } from "../_internal/check_seed.ts";
import { type Circuit, defineCircuit } from "../quantum/circuit.ts";
import type { Simulator } from "../quantum/simulator_contract.ts";
import { type Tensor2D, tfjs } from "../tensors/tf.ts";
import type { QuantumLayer } from "./layers/quantum_layer.ts";
import { registerLayers } from "./layers/register_layers.ts";
import type { CircuitTensors } from "./layers/circuit_tensors.ts";
import { defaultSimulator, differentiableCircuit } from "./layers/run_circuit.ts";

/** Options of {@linkcode quantumLayer}. */
export interface QuantumLayerOptions {
  /** What the layer runs: `[batch, circuit.inputs]` → `[batch, circuit.outputs]`. */
  readonly circuit: Circuit;
  /** Of the layer in its model. @default a name that tf.layers makes up */
  readonly name?: string;
  /** Standard deviation of the initial angles, radians; small keeps the circuit near the identity. @default {0.03} */
  readonly initialDeviation?: number;
  /** Seed of the initial angles. @default {0} */
  readonly seed?: number;
  /** What runs the circuit; it is not saved with the model. @default statevectorSimulator() */
  readonly simulator?: Simulator;
}

/**
 * A circuit as a layer for a model of one's own, in `tf.sequential`, `tf.model` or called on tensors.
 * Its weights are trained with the rest; the gradient to weights and inputs is one adjoint sweep. It
 * is saved and loaded with the model. On WebGPU, where values cannot be read within a step, it runs
 * as operations of TensorFlow.js: right, but slow. Needs `openTensors()` first.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for a deviation or seed that cannot be
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quantumLayer } from "@qsight/qsight/model";
 * import { angleEncoding, basicEntangler, composeCircuit } from "@qsight/qsight/quantum";
 * import { openTensors } from "@qsight/qsight/tensors";
 * const { tf } = await openTensors({ prefer: "wasm" });
 * const circuit = composeCircuit([angleEncoding(2), basicEntangler(2, { layers: 2 })]);
 * const model = tf.sequential({
 *   layers: [quantumLayer({ circuit }), tf.layers.dense({ units: 1 })],
 * });
 * model.compile({ optimizer: "adam", loss: "meanSquaredError" });
 * await model.fit(tf.tensor2d([[0, 1], [1, 0]]), tf.tensor2d([[0], [1]]), { verbose: 0 });
 * assert.equal(model.countParams(), circuit.weights + 3);
 * ```
 */
export function quantumLayer(options: QuantumLayerOptions): QuantumLayer {
  checkOptions("quantumLayer()", options, [
    "circuit",
    "name",
    "initialDeviation",
    "seed",
    "simulator",
  ]);
  const { name, initialDeviation = 0.03, seed = 0, simulator } = options;
  checkSeed("quantumLayer()", seed);
  if (!(initialDeviation >= 0 && Number.isFinite(initialDeviation))) {
    throw new RangeError(
      `quantumLayer(): initialDeviation must be radians from 0, found ${initialDeviation}`,
    );
  }
  const circuit = defineCircuit(options.circuit);
  const { QuantumLayer } = registerLayers(tfjs());
  const inputShape = [circuit.inputs];
  const layer = new QuantumLayer({ circuit, name, initialDeviation, seed, inputShape });
  if (simulator !== undefined) (layer as QuantumLayer).simulator = simulator;
  return layer as QuantumLayer;
}

/** Options of {@linkcode runCircuit}. */
export interface RunCircuitOptions extends CircuitTensors {
  /** What runs the circuit. @default statevectorSimulator() */
  readonly simulator?: Simulator;
}

/**
 * Runs a circuit on tensors, differentiable by `tf.grads` and `tf.variableGrads` in both of them.
 * Needs `openTensors()` first.
 *
 * @returns `[batch, circuit.outputs]`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { runCircuit } from "@qsight/qsight/model";
 * import { angleEncoding } from "@qsight/qsight/quantum";
 * import { openTensors } from "@qsight/qsight/tensors";
 * const { tf } = await openTensors({ prefer: "wasm" });
 * const weights = tf.tensor1d([]);
 * const slope = tf.grad((inputs) => runCircuit(angleEncoding(1), { inputs: inputs.as2D(1, 1), weights }));
 * assert.ok(Math.abs(slope(tf.tensor2d([[0.3]])).dataSync()[0] + Math.sin(0.3)) < 1e-6);
 * ```
 */
export function runCircuit(circuit: Circuit, options: RunCircuitOptions): Tensor2D {
  checkOptions("runCircuit()", options, ["inputs", "weights", "simulator"]);
  const { inputs, weights, simulator = defaultSimulator() } = options;
  if (inputs.shape[1] !== circuit.inputs || weights.shape[0] !== circuit.weights) {
    throw new RangeError(
      `runCircuit(): the circuit takes [batch, ${circuit.inputs}] and [${circuit.weights}], found ` +
        `inputs of [${inputs.shape}] and weights of [${weights.shape}]`,
    );
  }
  return differentiableCircuit(tfjs(), { circuit, simulator }, { inputs, weights });
}
