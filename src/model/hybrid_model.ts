import { checkOptions } from "../_internal/check_options.ts";
import type { Circuit } from "../quantum/circuit.ts";
import type { Simulator } from "../quantum/simulator_contract.ts";
import { composeCircuit } from "../quantum/compose_circuit.ts";
import { angleEncoding, basicEntangler } from "../quantum/templates.ts";
import { type LayersModel, type SymbolicTensor, tfjs } from "../tensors/tf.ts";
import type { FusionLayer } from "./layers/fusion_layer.ts";
import type { QuantumLayer } from "./layers/quantum_layer.ts";
import { type OwnLayers, registerLayers } from "./layers/register_layers.ts";

/** The heads of a hybrid model in the order of its outputs; the fused answer comes last. */
export const HEADS = ["classical_a", "classical_b", "quantum"] as const;

/** Name of the fused output. */
export const ENSEMBLE = "ensemble";

/** Options of {@linkcode hybridModel}. */
export interface HybridModelOptions {
  /** Class names in the order of the labels. */
  readonly classes: readonly string[];
  /** Side of the square input in pixels; at least 8. */
  readonly imageSize: number;
  /** Channel means and standard deviations of the training images in [0, 1]. @default {mean .5, sd .25} */
  readonly normalization?: {
    readonly mean: readonly number[];
    readonly sd: readonly number[];
  };
  /** Filters of the convolution blocks; all but the last are followed by a 2x2 max pooling. @default {[16, 32, 64]} */
  readonly filters?: readonly number[];
  /** Share of features dropped before the heads in training. @default {0.2} */
  readonly dropout?: number;
  /** Width of the compression that head B and the quantum head see. @default {16} */
  readonly compressed?: number;
  /** Qubits of the quantum head. @default {4} */
  readonly wires?: number;
  /** Entangling layers of the quantum head. @default {3} */
  readonly layers?: number;
  /** The circuit itself, in place of `wires` and `layers`. */
  readonly circuit?: Circuit;
  /** What runs the circuit. @default {statevectorSimulator()} */
  readonly simulator?: Simulator;
  /** Seed of all initial weights. @default {0} */
  readonly seed?: number;
}

/** A hybrid classifier: an ordinary tf.layers model and the names of its parts. */
export interface HybridModel {
  /** Input `[batch, size, size, 3]` in [0, 1]; outputs are logits `[batch, classes]`, heads first, ensemble last. */
  readonly network: LayersModel;
  readonly heads: readonly string[];
  readonly classes: readonly string[];
  readonly imageSize: number;
}

const OPTION_NAMES = [
  "classes",
  "imageSize",
  "normalization",
  "filters",
  "dropout",
  "compressed",
  "wires",
  "layers",
  "circuit",
  "simulator",
  "seed",
];

/**
 * Builds a hybrid classifier: a convolutional encoder, a compression, the heads `classical_a` (on the
 * full features), `classical_b` and `quantum` (on the compressed ones) and their fusion `ensemble`.
 * Layers are named after their part (`encoder_conv1`, `quantum_circuit`, …), so that a stage names
 * what it trains by pattern. Needs {@linkcode openTensors} first.
 *
 * @throws {TypeError} for an unknown option or fewer than two classes
 * @throws {RangeError} for an image too small for the encoder
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { hybridModel } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "cpu" });
 * const model = hybridModel({ classes: ["healthy", "ill"], imageSize: 16, filters: [4, 4] });
 * assert.deepEqual(model.network.outputNames, ["classical_a", "classical_b", "quantum", "ensemble"]);
 * ```
 */
export function hybridModel(options: HybridModelOptions): HybridModel {
  checkHybridOptions(options);
  const tf = tfjs();
  const own = registerLayers(tf);
  const { classes, imageSize } = options;
  const names = nameSeeds(options.seed ?? 0);
  const input = tf.input({ shape: [imageSize, imageSize, 3], name: "image" });
  const features = encoder(input, { options, own, seedOf: names });
  const compressed = compression(features, { options, seedOf: names });
  const logits = [
    classifier(features, { name: "classical_a", classes: classes.length, seedOf: names }),
    headB(compressed, { classes: classes.length, seedOf: names }),
    quantumHead(compressed, { options, own, seedOf: names }),
  ];
  const fusion = new own.FusionLayer({ name: ENSEMBLE, heads: HEADS });
  const ensemble = fusion.apply(logits) as SymbolicTensor;
  const network = tf.model({ inputs: input, outputs: [...logits, ensemble], name: "hybrid" });
  return { network, heads: HEADS, classes, imageSize };
}

function checkHybridOptions(options: HybridModelOptions): void {
  checkOptions("hybridModel", options, OPTION_NAMES);
  const { classes, imageSize, filters = [16, 32, 64] } = options;
  if (!Array.isArray(classes) || classes.length < 2) {
    throw new TypeError(
      `hybridModel: classes must be an array of at least 2 names, found ${JSON.stringify(classes)}`,
    );
  }
  const smallest = 2 ** filters.length;
  if (!Number.isInteger(imageSize) || imageSize < smallest) {
    throw new RangeError(
      `hybridModel: imageSize must be an integer of at least ${smallest} for ${filters.length} ` +
        `convolution blocks, found ${imageSize}; use larger images or fewer filters`,
    );
  }
}

/** A different, fixed seed for each weight. */
function nameSeeds(seed: number): (offset: number) => number {
  return (offset) => seed * 1000 + offset + 1;
}

type SeedOf = (offset: number) => number;

function encoder(
  input: SymbolicTensor,
  { options, own, seedOf }: { options: HybridModelOptions; own: OwnLayers; seedOf: SeedOf },
): SymbolicTensor {
  const tf = tfjs();
  const { filters = [16, 32, 64], dropout = 0.2 } = options;
  const { mean, sd } = options.normalization ??
    { mean: [0.5, 0.5, 0.5], sd: [0.25, 0.25, 0.25] };
  const normalize = new own.ChannelNormalization({ name: "encoder_normalize", mean, sd });
  let x = normalize.apply(input) as SymbolicTensor;
  filters.forEach((count, i) => {
    const block = i + 1;
    x = tf.layers.conv2d({
      name: `encoder_conv${block}`,
      filters: count,
      kernelSize: 3,
      padding: "same",
      useBias: false,
      kernelInitializer: tf.initializers.heNormal({ seed: seedOf(i) }),
    }).apply(x) as SymbolicTensor;
    x = tf.layers.batchNormalization({ name: `encoder_norm${block}`, momentum: 0.9 }).apply(
      x,
    ) as SymbolicTensor;
    x = tf.layers.reLU({ name: `encoder_relu${block}` }).apply(x) as SymbolicTensor;
    if (block < filters.length) {
      x = tf.layers.maxPooling2d({ name: `encoder_pool${block}`, poolSize: 2 }).apply(
        x,
      ) as SymbolicTensor;
    }
  });
  // The mean says how much of the picture looks ill, the maximum does not miss one small lesion.
  const pooled = [
    tf.layers.globalAveragePooling2d({ name: "encoder_mean" } as never).apply(x),
    tf.layers.globalMaxPooling2d({ name: "encoder_max" } as never).apply(x),
  ] as SymbolicTensor[];
  x = tf.layers.concatenate({ name: "encoder_features" }).apply(pooled) as SymbolicTensor;
  return new own.SeededDropout({ name: "encoder_dropout", rate: dropout }).apply(
    x,
  ) as SymbolicTensor;
}

function compression(
  features: SymbolicTensor,
  { options, seedOf }: { options: HybridModelOptions; seedOf: SeedOf },
): SymbolicTensor {
  const tf = tfjs();
  const units = options.compressed ?? 16;
  const x = dense(features, { name: "compression_dense", units, seed: seedOf(100) });
  const normed = tf.layers.batchNormalization({ name: "compression_norm", momentum: 0.9 }).apply(x);
  return tf.layers.reLU({ name: "compression_relu" }).apply(normed) as SymbolicTensor;
}

function headB(
  compressed: SymbolicTensor,
  { classes, seedOf }: { classes: number; seedOf: SeedOf },
): SymbolicTensor {
  const tf = tfjs();
  const hidden = dense(compressed, { name: "classical_b_dense", units: 32, seed: seedOf(300) });
  const x = tf.layers.reLU({ name: "classical_b_relu" }).apply(hidden) as SymbolicTensor;
  return classifier(x, { name: "classical_b", classes, seedOf: (offset) => seedOf(offset + 310) });
}

/** Projection to the qubits → batch norm → tanh → circuit → linear. */
function quantumHead(
  compressed: SymbolicTensor,
  { options, own, seedOf }: { options: HybridModelOptions; own: OwnLayers; seedOf: SeedOf },
): SymbolicTensor {
  const tf = tfjs();
  const circuit = options.circuit ?? defaultCircuit(options);
  const projected = dense(compressed, {
    name: "quantum_projection",
    units: circuit.inputs,
    seed: seedOf(400),
  });
  const normed = tf.layers.batchNormalization({ name: "quantum_norm", momentum: 0.9 }).apply(
    projected,
  );
  const angles = tf.layers.activation({ name: "quantum_tanh", activation: "tanh" }).apply(normed);
  const layer = new own.QuantumLayer({ name: "quantum_circuit", circuit, seed: seedOf(410) });
  if (options.simulator !== undefined) (layer as QuantumLayer).simulator = options.simulator;
  const expectations = layer.apply(angles as SymbolicTensor) as SymbolicTensor;
  return classifier(expectations, {
    name: "quantum",
    classes: options.classes.length,
    seedOf: (offset) => seedOf(offset + 420),
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

function classifier(
  x: SymbolicTensor,
  { name, classes, seedOf }: { name: string; classes: number; seedOf: SeedOf },
): SymbolicTensor {
  return dense(x, { name, units: classes, seed: seedOf(200) });
}

function dense(
  x: SymbolicTensor,
  { name, units, seed }: { name: string; units: number; seed: number },
): SymbolicTensor {
  const tf = tfjs();
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  return tf.layers.dense({ name, units, kernelInitializer }).apply(x) as SymbolicTensor;
}

/** The fusion layer of a hybrid model. */
export function fusionOf(model: HybridModel): FusionLayer {
  return model.network.getLayer(ENSEMBLE) as unknown as FusionLayer;
}

/** The circuit layer of a hybrid model. */
export function quantumLayerOf(model: HybridModel): QuantumLayer {
  return model.network.getLayer("quantum_circuit") as unknown as QuantumLayer;
}

/**
 * Chooses which heads vote in the ensemble; the others are not even evaluated for it.
 *
 * @throws {RangeError} for an unknown head or none at all
 */
export function setActiveHeads(model: HybridModel, heads: readonly string[]): void {
  const unknown = heads.filter((head) => !model.heads.includes(head));
  if (heads.length === 0 || unknown.length > 0) {
    throw new RangeError(
      `setActiveHeads: wanted at least one of ${model.heads.join(", ")}, found ${
        heads.length === 0 ? "none" : unknown.join(", ")
      }`,
    );
  }
  fusionOf(model).activeHeads = model.heads.filter((head) => heads.includes(head));
}
