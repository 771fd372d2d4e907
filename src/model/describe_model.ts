import type { Observable } from "../quantum/circuit.ts";
import { annealingOf } from "./annealing.ts";
import { bypassOf, findQuantumLayer, fusionOf, type HybridModel } from "./hybrid_model.ts";
import type { FusionName } from "./layers/fusion.ts";
import { type ParameterCount, parameterCounts } from "./parameter_counts.ts";
import { BYPASS } from "./parts.ts";

/** What a quantum head consists of. */
export interface QuantumDescription {
  /** Qubits of the circuit. */
  readonly wires: number;
  /** Trainable angles. */
  readonly angles: number;
  /** What is read from the circuit. */
  readonly readOut: Observable;
  /** Temperature before the tanh; null where there is none. */
  readonly temperature: number | null;
  /** Noise in training; null where there is none. */
  readonly noise: number | null;
  /** The classical network beside the circuit; null where there is none. */
  readonly bypass: BypassDescription | null;
}

/** A classical network beside a circuit. */
export interface BypassDescription {
  /** Its trainable parameters, gates not counted. */
  readonly parameters: number;
  /** What the circuit's logits are multiplied by, in (0, 1). */
  readonly circuitGate: number;
  /** What the bypass's logits are multiplied by, in (0, 1). */
  readonly bypassGate: number;
}

/** What a model consists of, as plain data. */
export interface ModelDescription {
  /** Name of the encoder. */
  readonly encoder: string;
  /** Names of the heads. */
  readonly heads: readonly string[];
  /** Heads that vote. */
  readonly activeHeads: readonly string[];
  /** How their answers become one. */
  readonly fusion: FusionName;
  /** Whether the first active head answers alone. */
  readonly skipEnsemble: boolean;
  /** Trainable parameters by part. */
  readonly parameters: readonly ParameterCount[];
  /** The quantum head; null for a model without circuit. */
  readonly quantum: QuantumDescription | null;
  /** What a reader of its results has to know. */
  readonly notes: readonly string[];
}

/**
 * Says what a model consists of, as plain data for a report. A classical bypass of the quantum head
 * is named in `quantum` and in `notes`, so that nobody takes its accuracy for the circuit's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeModel, hybridModel } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "wasm" });
 * const model = hybridModel({ classes: ["no", "yes"], imageSize: 16, filters: [2, 2] });
 * const { fusion, quantum, notes } = await describeModel(model);
 * assert.deepEqual([fusion, quantum?.angles, quantum?.bypass, notes], ["dynamic", 36, null, []]);
 * ```
 */
export async function describeModel(model: HybridModel): Promise<ModelDescription> {
  const { fusion, activeHeads, skipEnsemble } = fusionOf(model);
  const parameters = parameterCounts(model);
  const quantum = await describeQuantum(model, parameters);
  const alone = skipEnsemble || fusion === "skip_ensemble";
  const notes = [
    ...quantum === null && model.heads.includes("quantum") ? [NO_CIRCUIT] : [],
    ...quantum?.bypass ? [bypassNote(quantum.bypass)] : [],
    ...alone ? [`"ensemble" is the answer of ${activeHeads[0]} alone: nothing is fused.`] : [],
  ];
  return {
    encoder: model.encoder,
    heads: model.heads,
    activeHeads,
    fusion,
    skipEnsemble: alone,
    parameters,
    quantum,
    notes,
  };
}

const NO_CIRCUIT = `The head "quantum" has no circuit: it is a classical control of one.`;

async function describeQuantum(
  model: HybridModel,
  parameters: readonly ParameterCount[],
): Promise<QuantumDescription | null> {
  const circuit = findQuantumLayer(model)?.circuit;
  if (circuit === undefined) return null;
  const annealing = await annealingOf(model);
  const sum = bypassOf(model);
  let bypass: BypassDescription | null = null;
  if (sum !== null) {
    const gates = await Promise.all(sum.weights.map((weight) => weight.read().data()));
    const [circuitGate, bypassGate] = gates.map(([x]) => 1 / (1 + Math.exp(-x)));
    const count = parameters.find(({ part }) => part === BYPASS);
    bypass = { parameters: count?.classical ?? 0, circuitGate, bypassGate };
  }
  return {
    wires: circuit.wires,
    angles: circuit.weights,
    readOut: circuit.observable,
    temperature: annealing?.temperature ?? null,
    noise: annealing?.noise ?? null,
    bypass,
  };
}

function bypassNote({ parameters, circuitGate, bypassGate }: BypassDescription): string {
  return `The quantum head has a classical bypass of ${parameters} parameters (gate ` +
    `${bypassGate.toFixed(3)}, the circuit's ${
      circuitGate.toFixed(3)
    }): its accuracy is not that ` +
    `of the circuit. Measure each without the other with withAblation().`;
}
