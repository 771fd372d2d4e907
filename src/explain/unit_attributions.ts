import { checkOptions } from "../_internal/check_options.ts";
import { type GraphModel, layerPlaces, placeNamed } from "../tensors/layer_graph.ts";
import { runLayers } from "../tensors/run_layers.ts";
import { loadTfjs, type Tensor, type Tensor2D, type Tf } from "../tensors/tf.ts";
import { targetOfBatch } from "./cam_target.ts";
import type { GradCamOptions } from "./explain_options.ts";
import { findHead } from "./find_head.ts";
import { shapeOf, shapeText } from "./find_layer.ts";
import { type ImagesLike, readImages } from "./image_batch.ts";
import { openSubject, type SubjectRequest } from "./methods/open_subject.ts";
import { orNoGradient, scoresOf, type Subject } from "./methods/subject.ts";

/** Options of {@linkcode unitAttributions}. */
export interface UnitAttributionsOptions
  extends Pick<GradCamOptions, "target" | "head" | "batchSize" | "preprocess"> {
  /** Layer of the features, `[batch, features]`, by name or path. */
  readonly from: string;
  /** Layer of the units that they feed, `[batch, units]`. */
  readonly to: string;
}

/** How much each feature moves the score through each unit; plain arrays, nothing to dispose. */
export interface UnitAttributions {
  /** Mean over the images of |feature · ∂unit/∂feature · ∂score/∂unit|, `[features, units]`. */
  readonly values: Float32Array;
  /** The same with its sign: above 0 speaks for the target. */
  readonly signed: Float32Array;
  /** Width of the layer of features. */
  readonly features: number;
  /** Width of the layer of units. */
  readonly units: number;
  /** Images that the means are of. */
  readonly images: number;
  /** The head explained. */
  readonly head: string;
  /** "ok", or why all values are 0. */
  readonly status: "ok" | "zero" | "nonfinite" | "no_gradient";
  /** Why the status is not "ok"; empty when it is. */
  readonly diagnosis: string;
}

/**
 * Which features feed which unit: gradient times input (Shrikumar et al., arXiv:1605.01713), split
 * by the units of a layer between the features and the score. Of a quantum head the units are its
 * qubits, and the slopes of the score are those of the circuit.
 *
 * @throws {TypeError} for unknown options, layers and heads
 * @throws {RangeError} for layers that are not `[batch, width]`, or a class that the head does not have
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { unitAttributions } from "@qsight/qsight/explain";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.flatten({ inputShape: [2, 2, 3], name: "features" }),
 *     tf.layers.dense({ units: 4, name: "qubits" }),
 *     tf.layers.dense({ units: 2, name: "head" }),
 *   ],
 * });
 * const image = tf.randomUniform([1, 2, 2, 3], 0, 1, "float32", 1) as tf.Tensor4D;
 * const found = await unitAttributions(model, image, { from: "features", to: "qubits" });
 * assert.deepEqual([found.features, found.units, found.values.length], [12, 4, 48]);
 * ```
 */
export async function unitAttributions(
  model: GraphModel,
  images: ImagesLike,
  options: UnitAttributionsOptions,
): Promise<UnitAttributions> {
  const where = "unitAttributions()";
  checkOptions(where, options, ["from", "to", "target", "head", "batchSize", "preprocess"]);
  const { batchSize = 32, target = "predicted" } = options;
  const [from, to] = [options.from, options.to].map((name) => flatLayer(model, name, where));
  const tf = await loadTfjs();
  const head = findHead(tf, model, options.head);
  const pixels = await readImages(images);
  const [features, units] = [from.width, to.width];
  const sums = {
    size: new Float64Array(features * units),
    signed: new Float64Array(features * units),
  };
  let problem = "";
  for (let start = 0; start < pixels.length && problem === ""; start += batchSize) {
    const batch = pixels.slice(start, start + batchSize);
    const parts = await attribute(tf, model, {
      ...{ images: batch, head, batchSize, preprocess: options.preprocess },
      target: targetOfBatch(target, start, batchSize),
      ...{ from: from.path, to: to.path },
    });
    if (typeof parts === "string") problem = parts;
    else add(sums, parts, { features, units });
  }
  const mean = (values: Float64Array) =>
    Float32Array.from(values, (value) => value / Math.max(1, pixels.length));
  const values = mean(sums.size), signed = mean(sums.signed);
  const common = { features, units, images: pixels.length, head: head.name };
  return { ...finite(values, signed, problem), ...common };
}

function flatLayer(model: GraphModel, name: string, where: string) {
  const { layer, path } = placeNamed(layerPlaces(model), name, where);
  const shape = shapeOf(layer), width = shape[1];
  if (shape.length === 2 && typeof width === "number") return { path, width };
  throw new RangeError(
    `${where}: layer "${path}" has outputs of shape ${shapeText(shape)}, wanted [batch, width]. ` +
      `Choose a layer behind pooling or flattening`,
  );
}

/** Attributions of each unit for each image, `[units][images * features]`, or why there are none. */
async function attribute(
  tf: Tf,
  model: GraphModel,
  { from, to, ...request }: Omit<SubjectRequest, "capture"> & {
    readonly from: string;
    readonly to: string;
  },
): Promise<Float32Array[] | string> {
  const opened = await openSubject(tf, model, { ...request, capture: [from, to] });
  try {
    const { subject, captured } = opened;
    const place = `layer "${from}"`;
    const units = { features: captured[from], units: captured[to], from, to };
    const take = () => tf.tidy(() => perUnit(subject, units));
    const tensors = orNoGradient(subject, { place, take });
    if (typeof tensors === "string") return tensors;
    try {
      return await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
    } finally {
      tf.dispose(tensors);
    }
  } finally {
    opened.dispose();
  }
}

function perUnit(
  subject: Subject,
  { features, units, from, to }: {
    readonly features: Tensor;
    readonly units: Tensor;
    readonly from: string;
    readonly to: string;
  },
): Tensor[] {
  const { tf, model, x, chosen } = subject;
  const score = (t: Tensor) => chosen.total(tf, scoresOf(subject, { replace: { [to]: t } }));
  // One pass through the circuit serves all units.
  const slopes = tf.grad(score)(units) as Tensor2D;
  return Array.from({ length: units.shape[1] as number }, (_, unit) => {
    const value = (t: Tensor) => {
      const run = runLayers(model, x, { outputs: [to], replace: { [from]: t } });
      return run.outputs[0].slice([0, unit], [-1, 1]).sum();
    };
    const slope = slopes.slice([0, unit], [-1, 1]);
    return tf.grad(value)(features).mul(features).mul(slope);
  });
}

function add(
  sums: { readonly size: Float64Array; readonly signed: Float64Array },
  parts: readonly Float32Array[],
  { features, units }: { readonly features: number; readonly units: number },
): void {
  parts.forEach((values, unit) =>
    values.forEach((value, i) => {
      const at = (i % features) * units + unit;
      sums.size[at] += Math.abs(value);
      sums.signed[at] += value;
    })
  );
}

function finite(values: Float32Array, signed: Float32Array, problem: string) {
  const zeros = () => new Float32Array(values.length);
  const blank = { values: zeros(), signed: zeros() };
  if (problem !== "") return { ...blank, status: "no_gradient" as const, diagnosis: problem };
  if (!values.every(Number.isFinite)) {
    const diagnosis = "features, units or their slopes are NaN or infinite; look at the weights";
    return { ...blank, status: "nonfinite" as const, diagnosis };
  }
  if (values.every((value) => value === 0)) {
    const diagnosis = "no feature moves the score through any unit";
    return { ...blank, status: "zero" as const, diagnosis };
  }
  return { values, signed, status: "ok" as const, diagnosis: "" };
}
