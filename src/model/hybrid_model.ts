import { ENSEMBLE } from "../stages/stage.ts";
import { type LayersModel, tfjs } from "../tensors/tf.ts";
import { buildEncoder, planEncoder } from "./encoders/build_encoder.ts";
import type { EncoderCam } from "./encoders/encoder.ts";
import { fusionLayer } from "./fusion_option.ts";
import { classicalHeadA, classicalHeadB, compression } from "./heads.ts";
import { HEADS } from "./hybrid_names.ts";
import { checkHybridOptions, type HybridModelOptions } from "./hybrid_options.ts";
import { connect } from "./layers/connect.ts";
import type { BypassSumLayer } from "./layers/bypass_sum.ts";
import type { FusionLayer } from "./layers/fusion.ts";
import type { QuantumLayer } from "./layers/quantum_layer.ts";
import { registerLayers } from "./layers/register_layers.ts";
import { quantumHead } from "./quantum_head.ts";

export { ENSEMBLE, HEADS };

/** A hybrid classifier: an ordinary tf.layers model and the names of its parts. */
export interface HybridModel {
  /** Input `[batch, size, size, 3]` in [0, 1]; outputs are logits `[batch, classes]`, heads first, ensemble last. */
  readonly network: LayersModel;
  /** Names of the heads, in the order of the outputs. */
  readonly heads: readonly string[];
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Side of the square input in pixels. */
  readonly imageSize: number;
  /** Name of the encoder: `convnet`, `resnet18`, `resnet50`, `vit_b_16` or `from_saved`. */
  readonly encoder: string;
  /** Where Grad-CAM looks; null when no layer of the encoder has positions. */
  readonly cam: EncoderCam | null;
  /** Temperature of the probabilities of a head or the ensemble, from `calibrateModel()`. */
  readonly calibration?: Readonly<Record<string, number>>;
}

/**
 * Builds a hybrid classifier: an encoder, a compression, the heads `classical_a` (on the
 * full features), `classical_b` and `quantum` (on the compressed ones) and their fusion `ensemble`.
 * Layers are named after their part (`encoder_conv1`, `quantum_circuit`, …), so that a stage names
 * what it trains by pattern. Needs {@linkcode openTensors} first.
 *
 * @throws {TypeError} for an unknown option, fewer than two classes, or a saved model that is none
 * @throws {RangeError} for an image size that the encoder cannot take
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
  const plan = planEncoder(options);
  const { classes } = options;
  const { imageSize } = plan;
  // A different, fixed seed for each weight.
  const seedOf = (offset: number) => (options.seed ?? 0) * 1000 + offset + 1;
  const input = tf.input({ shape: [imageSize, imageSize, 3], name: "image" });
  const build = { options, own, seedOf };
  const { features, cam } = buildEncoder(plan, input, build);
  const compressed = compression(features, build);
  const logits = [
    classicalHeadA(features, build),
    classicalHeadB(compressed, build),
    quantumHead({ features, compressed }, build),
  ];
  const fusion = { heads: HEADS, fusion: options.fusion, name: ENSEMBLE, seed: seedOf(500) };
  const ensemble = connect(fusionLayer(fusion), logits);
  const network = tf.model({ inputs: input, outputs: [...logits, ensemble], name: "hybrid" });
  return { network, heads: HEADS, classes, imageSize, encoder: plan.name, cam };
}

/** The fusion layer of a hybrid model. */
export function fusionOf(model: HybridModel): FusionLayer {
  return model.network.getLayer(ENSEMBLE) as unknown as FusionLayer;
}

/**
 * The circuit layer of a hybrid model.
 *
 * @throws {TypeError} for a model that was built with something else in the place of its circuit
 */
export function quantumLayerOf(model: HybridModel): QuantumLayer {
  const layer = findQuantumLayer(model);
  if (layer !== null) return layer;
  throw new TypeError(
    `quantumLayerOf: the model has no circuit; build it with quantumHead: { between: "circuit" }, ` +
      `or without this option`,
  );
}

/** The same; null for a model without circuit. */
export function findQuantumLayer({ network }: HybridModel): QuantumLayer | null {
  const layer = network.layers.find(({ name }) => name === "quantum_circuit");
  return layer === undefined ? null : layer as unknown as QuantumLayer;
}

/** What adds the classical bypass to the circuit's answer; null for a model without bypass. */
export function bypassOf(model: HybridModel): BypassSumLayer | null {
  const layer = model.network.layers.find((layer) => layer.getClassName() === "BypassSum");
  return layer === undefined ? null : layer as unknown as BypassSumLayer;
}

/**
 * Whether the first active head answers in place of the fusion, its logits unchanged; the other
 * heads are then not evaluated for the ensemble.
 */
export function setSkipEnsemble(model: HybridModel, skip: boolean): void {
  fusionOf(model).skipEnsemble = skip;
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
