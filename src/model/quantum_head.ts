import { type Circuit, defineCircuit } from "../quantum/circuit.ts";
import { composeCircuit } from "../quantum/compose_circuit.ts";
import { angleEncoding, basicEntangler } from "../quantum/templates.ts";
import { type SymbolicTensor, tfjs } from "../tensors/tf.ts";
import { answers } from "./heads.ts";
import type { BuildContext } from "./build_context.ts";
import { dense, hiddenLayers } from "./hidden_layers.ts";
import type { HybridModelOptions } from "./hybrid_options.ts";
import { connect } from "./layers/connect.ts";
import type { QuantumLayer } from "./layers/quantum_layer.ts";
import { matchedOutputs } from "./matched_layers.ts";

/**
 * The quantum head, on the compressed features: projection, batch norm, tanh, circuit, linear; with
 * `quantumHead` also temperature and noise, dense layers behind the circuit, a bypass, and what
 * stands in the place of the circuit.
 */
export function quantumHead(
  { features, compressed }: {
    readonly features: SymbolicTensor;
    readonly compressed: SymbolicTensor;
  },
  context: BuildContext,
): SymbolicTensor {
  const { options: { quantumHead }, seedOf } = context;
  const read = quantumHead?.reads === "encoder" ? features : compressed;
  const measured = circuitOutputs(read, context);
  const seed = seedOf(420);
  if (quantumHead === undefined) return answers(measured, { name: "quantum", seed }, context);
  const hidden = { ...quantumHead, part: "quantum", firstSeed: 430, norm: false };
  const x = hiddenLayers(measured, hidden, context);
  const { bypass = false } = quantumHead;
  if (bypass === false) return answers(x, { name: "quantum", seed }, context);
  const logits = [
    answers(x, { name: "quantum_logits", seed }, context),
    bypassLogits(read, context),
  ];
  return connect(new context.own.BypassSum({ name: "quantum" }), logits);
}

/** What is measured of the circuit, or of what stands in its place. */
function circuitOutputs(read: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const { layers } = tfjs();
  const { options, own, seedOf } = context;
  const { normalization = "batch", temperature, noise, between, initialDeviation } =
    options.quantumHead ?? {};
  const circuit = circuitOf(options);
  let x = read;
  if (normalization === "layer") {
    x = connect(new own.TokenNormalization({ name: "quantum_norm", epsilon: 1e-5 }), x);
  }
  x = dense(x, { name: "quantum_projection", units: circuit.inputs, seed: seedOf(400) });
  if (normalization === "batch") {
    x = connect(layers.batchNormalization({ name: "quantum_norm", momentum: 0.9 }), x);
  }
  if (options.quantumHead !== undefined) {
    const annealing = { name: "quantum_annealing", temperature, noise };
    x = connect(new own.QuantumAnnealing(annealing), x);
  }
  x = connect(layers.activation({ name: "quantum_tanh", activation: "tanh" }), x);
  if (between === "nothing") return x;
  if (between === "matched") return matchedOutputs(x, circuit, context);
  const layer = new own.QuantumLayer({
    ...{ name: "quantum_circuit", circuit, seed: seedOf(410) },
    ...(initialDeviation !== undefined && { initialDeviation }),
  });
  if (options.simulator !== undefined) (layer as QuantumLayer).simulator = options.simulator;
  return connect(layer, x);
}

/** A classical network beside the circuit: dense, GELU, layer norm, dense. */
function bypassLogits(read: SymbolicTensor, context: BuildContext): SymbolicTensor {
  const { options: { quantumHead }, own, seedOf } = context;
  const { bypass } = quantumHead!;
  const units = typeof bypass === "object" ? bypass.hidden : 2 * (read.shape[1] as number);
  let x = dense(read, { name: "quantum_bypass_dense", units, seed: seedOf(440) });
  x = connect(new own.Gelu({ name: "quantum_bypass_gelu" }), x);
  x = connect(new own.TokenNormalization({ name: "quantum_bypass_norm", epsilon: 1e-5 }), x);
  return answers(x, { name: "quantum_bypass_logits", seed: seedOf(450) }, context);
}

function circuitOf(options: HybridModelOptions): Circuit {
  const circuit = options.circuit ?? defaultCircuit(options);
  const { readOut = circuit.observable } = options.quantumHead ?? {};
  if (readOut === circuit.observable) return circuit;
  return defineCircuit({ ...circuit, observable: readOut, outputs: undefined });
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
