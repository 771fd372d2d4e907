import type { Circuit } from "../quantum/circuit.ts";
import { composeCircuit } from "../quantum/compose_circuit.ts";
import { angleEncoding, basicEntangler } from "../quantum/templates.ts";
import { type SymbolicTensor, tfjs } from "../tensors/tf.ts";
import type { HybridModelOptions } from "./hybrid_options.ts";
import { connect } from "./layers/connect.ts";
import type { QuantumLayer } from "./layers/quantum_layer.ts";
import type { OwnLayers } from "./layers/register_layers.ts";

/** What every part of a model under construction is built from. */
export interface BuildContext {
  readonly options: HybridModelOptions;
  readonly own: OwnLayers;
  /** A fixed seed for each weight, by a number of its own. */
  readonly seedOf: (offset: number) => number;
}

/** The full features in a few numbers, for the heads behind it: dense, batch norm, ReLU. */
export function compression(features: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const { layers } = tfjs();
  const units = context.options.compressed ?? 16;
  const x = dense(features, { name: "compression_dense", units, seed: context.seedOf(100) });
  const normed = connect(layers.batchNormalization({ name: "compression_norm", momentum: 0.9 }), x);
  return connect(layers.reLU({ name: "compression_relu" }), normed);
}

/** Head A, on the full features: linear. */
export function classicalHeadA(features: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const units = context.options.classes.length;
  return dense(features, { name: "classical_a", units, seed: context.seedOf(200) });
}

/** Head B, on the compressed features: one hidden layer. */
export function classicalHeadB(compressed: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const { layers } = tfjs();
  const { options, seedOf } = context;
  const hidden = dense(compressed, { name: "classical_b_dense", units: 32, seed: seedOf(300) });
  const x = connect(layers.reLU({ name: "classical_b_relu" }), hidden);
  return dense(x, { name: "classical_b", units: options.classes.length, seed: seedOf(310) });
}

/** The quantum head, on the compressed features: projection, batch norm, tanh, circuit, linear. */
export function quantumHead(compressed: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const { layers } = tfjs();
  const { options, own, seedOf } = context;
  const circuit = options.circuit ?? defaultCircuit(options);
  const units = circuit.inputs;
  let x = dense(compressed, { name: "quantum_projection", units, seed: seedOf(400) });
  x = connect(layers.batchNormalization({ name: "quantum_norm", momentum: 0.9 }), x);
  x = connect(layers.activation({ name: "quantum_tanh", activation: "tanh" }), x);
  const layer = new own.QuantumLayer({ name: "quantum_circuit", circuit, seed: seedOf(410) });
  if (options.simulator !== undefined) (layer as QuantumLayer).simulator = options.simulator;
  const expectations = connect(layer, x);
  return dense(expectations, {
    name: "quantum",
    units: options.classes.length,
    seed: seedOf(420),
  });
}

/**
 * RY(π/2 + x·π/2) on each wire, so that ⟨Z⟩ is odd in x, then layers of RZ, RY, RZ and a CNOT ring
 * (the strongly entangling shape of Schuld et al., arXiv:1804.00633).
 */
function defaultCircuit({ wires = 4, layers = 3 }: HybridModelOptions): Circuit {
  return composeCircuit([
    angleEncoding(wires, { rotation: "ry", scale: Math.PI / 2, offset: Math.PI / 2 }),
    basicEntangler(wires, { layers, rotations: ["rz", "ry", "rz"] }),
  ]);
}

function dense(
  x: SymbolicTensor,
  { name, units, seed }: { name: string; units: number; seed: number },
): SymbolicTensor {
  const { layers, initializers } = tfjs();
  const kernelInitializer = initializers.glorotUniform({ seed });
  return connect(layers.dense({ name, units, kernelInitializer }), x);
}
