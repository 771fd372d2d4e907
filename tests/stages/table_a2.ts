import * as tf from "@tensorflow/tfjs";
import { defineStages, PARTS, type Stage, type StageDeclaration } from "../../src/stages/mod.ts";

const { layers } = tf;
await tf.setBackend("cpu");

export const HEADS = ["classical_a", "classical_b", "quantum"];

/** What trains in the usual stages, by part; the last row is everything. */
export const TABLE: readonly StageDeclaration[] = [
  row("classical", ["encoder", "compression", "classical_a", "classical_b", "ensemble"], [
    "classical_a",
    "classical_b",
  ]),
  row("head_a", ["encoder", "classical_a"], ["classical_a"]),
  row("head_b", ["compression", "classical_b"], ["classical_b"]),
  row("quantum", ["quantum", "ensemble"], ["quantum"]),
  row("ensemble", ["ensemble"], HEADS),
  row("full", PARTS, HEADS),
];

function row(name: string, train: readonly string[], heads: string[]): StageDeclaration {
  return { name, epochs: 3, train, heads, learningRate: 1e-2, patience: null };
}

/** The stage of a row. */
export function stageOf(declaration: StageDeclaration): Stage {
  return defineStages([declaration], { heads: HEADS })[0];
}

/** Whether the table lets a weight train; the part is what its layer's name begins with. */
export function trainsIn({ train }: StageDeclaration, weight: string): boolean {
  return train.some((part) => weight.startsWith(part));
}

/**
 * A model of plain tf.layers with the parts of a hybrid one, batch normalisation and dropout in each
 * of them but the fusion. Its quantum head is a dense one: no circuit is needed to see what moves.
 */
export function plainModel(heads: readonly string[] = HEADS): tf.LayersModel {
  let seed = 0;
  const glorot = () => tf.initializers.glorotUniform({ seed: ++seed });
  const dense = (name: string, units: number) =>
    layers.dense({ name, units, kernelInitializer: glorot() });
  const block = (part: string, input: tf.SymbolicTensor) => {
    const hidden = dense(`${part}_dense`, 6).apply(input);
    const norm = layers.batchNormalization({ name: `${part}_norm` }).apply(hidden);
    const active = layers.activation({ name: `${part}_tanh`, activation: "tanh" }).apply(norm);
    const dropout = layers.dropout({ name: `${part}_dropout`, rate: 0.3, seed: 5 });
    return dropout.apply(active) as tf.SymbolicTensor;
  };
  const input = tf.input({ shape: [4, 4, 1], name: "image" });
  const conv = layers.conv2d({
    name: "encoder_conv",
    filters: 3,
    kernelSize: 3,
    kernelInitializer: glorot(),
  }).apply(input);
  const norm = layers.batchNormalization({ name: "encoder_norm" }).apply(conv);
  const dropped = layers.dropout({ name: "encoder_dropout", rate: 0.3, seed: 5 }).apply(norm);
  const features = layers.flatten({ name: "encoder_flat" }).apply(dropped) as tf.SymbolicTensor;
  const compressed = block("compression", features);
  const logits = heads.map((head) => {
    const from = head === "classical_a" ? features : compressed;
    return dense(head, 2).apply(block(head, from)) as tf.SymbolicTensor;
  });
  const all = logits.length === 1
    ? logits[0]
    : layers.concatenate({ name: "ensemble_all" }).apply(logits) as tf.SymbolicTensor;
  const ensemble = dense("ensemble", 2).apply(all) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: [...logits, ensemble] });
}
