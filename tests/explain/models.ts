import * as tf from "@tensorflow/tfjs";
import type { RgbImage } from "../../src/images/mod.ts";

const { layers } = tf;
await tf.setBackend("cpu");

type Symbolic = tf.SymbolicTensor;

function image(): Symbolic {
  return tf.input({ shape: [8, 8, 3], name: "image" });
}

function conv(name: string, relu = true) {
  return layers.conv2d({
    filters: 4,
    kernelSize: 3,
    padding: "same",
    activation: relu ? "relu" : "linear",
    kernelInitializer: tf.initializers.glorotUniform({ seed: 7 }),
    name,
  });
}

function classify(features: unknown, name = "head", units = 3): Symbolic {
  const pooled = layers.globalAveragePooling2d({}).apply(features as Symbolic);
  return dense(name, units).apply(pooled) as Symbolic;
}

function dense(name: string, units: number, activation: "softmax" | "linear" = "linear") {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 8 });
  return layers.dense({ units, activation, kernelInitializer, name });
}

export interface ConvNetOptions {
  readonly batchNorm?: boolean;
  readonly relu?: boolean;
  /** A softmax inside the dense layer, as an activation layer, or as a softmax layer. */
  readonly softmax?: "dense" | "activation" | "softmax";
}

export function convNet({ batchNorm, relu = false, softmax }: ConvNetOptions = {}): tf.LayersModel {
  const input = image();
  let x = conv("conv", relu).apply(input) as Symbolic;
  if (batchNorm) x = layers.batchNormalization({ name: "bn" }).apply(x) as Symbolic;
  const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(x);
  let y = dense("head", 3, softmax === "dense" ? "softmax" : "linear").apply(pooled) as Symbolic;
  if (softmax === "activation") {
    y = layers.activation({ activation: "softmax", name: "soft" }).apply(y) as Symbolic;
  }
  if (softmax === "softmax") y = layers.softmax({ name: "soft" }).apply(y) as Symbolic;
  return tf.model({ inputs: input, outputs: y });
}

export function residual(): tf.LayersModel {
  const input = image();
  const first = conv("first").apply(input) as Symbolic;
  const second = conv("second", false).apply(first) as Symbolic;
  const sum = layers.add({ name: "sum" }).apply([first, second]);
  return tf.model({ inputs: input, outputs: classify(sum) });
}

/** Two paths; with two outputs each path has a head of its own besides. */
export function branching({ outputs = 1 }: { outputs?: 1 | 2 } = {}): tf.LayersModel {
  const input = image();
  const trunk = conv("trunk").apply(input) as Symbolic;
  const left = conv("only_a").apply(trunk) as Symbolic;
  const right = conv("only_b").apply(trunk) as Symbolic;
  if (outputs === 2) {
    return tf.model({
      inputs: input,
      outputs: [classify(left, "head_a", 3), classify(right, "head_b", 2)],
    });
  }
  const both = layers.concatenate({ name: "both" }).apply([left, right]);
  return tf.model({ inputs: input, outputs: classify(both) });
}

function base({ pool }: { pool: boolean }): tf.LayersModel {
  const input = image();
  const features = conv("conv").apply(input) as Symbolic;
  const pooled = layers.globalAveragePooling2d({ name: "inner_pool" }).apply(features) as Symbolic;
  return tf.model({ inputs: input, outputs: pool ? pooled : features, name: "base" });
}

export function nested(): tf.LayersModel {
  const input = image();
  return tf.model({ inputs: input, outputs: classify(base({ pool: false }).apply(input)) });
}

export function nestedWithPool(): tf.LayersModel {
  const input = image();
  const pooled = base({ pool: true }).apply(input);
  return tf.model({ inputs: input, outputs: dense("head", 3).apply(pooled) as Symbolic });
}

export function sequentialOverModel(): tf.LayersModel {
  return tf.sequential({ layers: [base({ pool: true }), dense("head", 3)] });
}

export function shareInside(): tf.LayersModel {
  const input = image();
  const shared = layers.conv2d({ filters: 3, kernelSize: 3, padding: "same", name: "shared" });
  const once = shared.apply(input) as Symbolic;
  const sum = layers.add({ name: "sum" }).apply([once, shared.apply(once) as Symbolic]);
  return tf.model({ inputs: input, outputs: classify(sum) });
}

export function depthwise(): tf.LayersModel {
  const input = image();
  const x = layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, name: "depthwise" })
    .apply(input);
  return tf.model({ inputs: input, outputs: classify(x) });
}

export function flattenHead(): tf.LayersModel {
  const input = image();
  const flat = layers.flatten({}).apply(conv("conv").apply(input));
  return tf.model({ inputs: input, outputs: dense("head", 3).apply(flat) as Symbolic });
}

/** A dark square image with a bright patch. */
export function patchImage(side: number, { from, to }: { from: number; to: number }): RgbImage {
  const data = new Uint8Array(side * side * 3).fill(20);
  for (let y = from; y < to; y++) {
    for (let x = from; x < to; x++) data.fill(240, (y * side + x) * 3, (y * side + x) * 3 + 3);
  }
  return { width: side, height: side, data };
}
