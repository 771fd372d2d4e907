// The simplest learner that has something to say: softmax regression on principal components.
import type { ImageSet } from "../../src/data/mod.ts";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";

/** Probabilities of softmax regression on the first components of the training images' pixels. */
export function pcaSoftmax(
  train: ImageSet,
  { components, score }: { readonly components: number; readonly score: readonly ImageSet[] },
): Float32Array[] {
  const { mean, axes } = principalAxes(train, components);
  const project = (set: ImageSet) => projected(set, { mean, axes });
  const scores = project(train), scale = deviations(scores, components);
  const scaled = (values: Float64Array) => values.map((value, i) => value / scale[i % components]);
  const classes = train.classes.length;
  const weights = softmaxRegression(scaled(scores), train.labels, { components, classes });
  return score.map((set) => predicted(scaled(project(set)), weights, { components, classes }));
}

interface Axes {
  readonly mean: Float64Array;
  /** Unit vectors in pixels. */
  readonly axes: readonly Float64Array[];
}

/** By orthogonal iteration on the products of images: there are fewer images than pixels. */
function principalAxes(set: ImageSet, components: number): Axes {
  const pixels = set.images.length / set.count;
  const mean = new Float64Array(pixels);
  set.images.forEach((value, i) => mean[i % pixels] += value / set.count);
  const rows = Array.from(
    { length: set.count },
    (_, n) => mean.map((average, i) => set.images[n * pixels + i] - average),
  );
  const gram = rows.map((a, i) => Float64Array.from({ length: i + 1 }, (_, j) => dot(a, rows[j])));
  const at = (i: number, j: number) => i < j ? gram[j][i] : gram[i][j];
  const full = rows.map((_, i) => Float64Array.from(rows, (_, j) => at(i, j)));
  const random = new SeededRandom("components");
  // A few more vectors than wanted, so that the last wanted one settles too.
  let vectors: Float64Array[] = Array.from(
    { length: components + 8 },
    () => Float64Array.from(rows, () => random.normal()),
  );
  for (let round = 0; round < 60; round++) {
    vectors = orthonormal(vectors.map((v) => Float64Array.from(full, (row) => dot(row, v))));
  }
  const axes = vectors.slice(0, components).map((v) => {
    const axis = new Float64Array(pixels);
    rows.forEach((row, n) => row.forEach((value, i) => axis[i] += v[n] * value));
    const length = Math.sqrt(dot(axis, axis));
    return axis.map((value) => value / length);
  });
  return { mean, axes };
}

/** Gram and Schmidt, in order. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    for (const other of done) {
      const share = dot(rest, other);
      other.forEach((value, i) => rest[i] -= share * value);
    }
    const length = Math.sqrt(dot(rest, rest));
    done.push(rest.map((value) => value / length));
  }
  return done;
}

function projected(set: ImageSet, { mean, axes }: Axes): Float64Array {
  const pixels = mean.length, out = new Float64Array(set.count * axes.length);
  for (let n = 0; n < set.count; n++) {
    const row = mean.map((average, i) => set.images[n * pixels + i] - average);
    axes.forEach((axis, k) => out[n * axes.length + k] = dot(row, axis));
  }
  return out;
}

function deviations(scores: Float64Array, components: number): Float64Array {
  const squares = new Float64Array(components);
  scores.forEach((value, i) => squares[i % components] += value * value);
  return squares.map((sum) => Math.sqrt(sum * components / scores.length));
}

/**
 * Weights `[classes, components + 1]`, the last for the bias, by gradient descent with momentum on the
 * convex loss of scikit-learn's LogisticRegression with C = 1: the sum of the cross-entropies and half
 * the squares of all weights but the biases.
 */
function softmaxRegression(
  x: Float64Array,
  labels: Int32Array,
  { components, classes }: { readonly components: number; readonly classes: number },
): Float64Array {
  const width = components + 1;
  const weights = new Float64Array(classes * width), speed = new Float64Array(weights.length);
  for (let step = 0; step < 1500; step++) {
    const p = predicted(x, weights, { components, classes });
    const slope = new Float64Array(weights.length);
    for (let n = 0; n < labels.length; n++) {
      for (let c = 0; c < classes; c++) {
        const gap = p[n * classes + c] - (labels[n] === c ? 1 : 0);
        for (let k = 0; k < components; k++) slope[c * width + k] += gap * x[n * components + k];
        slope[c * width + components] += gap;
      }
    }
    for (let i = 0; i < weights.length; i++) {
      if (i % width < components) slope[i] += weights[i];
      speed[i] = 0.9 * speed[i] - 0.2 / labels.length * slope[i];
      weights[i] += speed[i];
    }
  }
  return weights;
}

function predicted(
  x: Float64Array,
  weights: Float64Array,
  { components, classes }: { readonly components: number; readonly classes: number },
): Float32Array {
  const width = components + 1, count = x.length / components;
  const out = new Float32Array(count * classes);
  for (let n = 0; n < count; n++) {
    const row = x.subarray(n * components, (n + 1) * components);
    const logits = Array.from(
      { length: classes },
      (_, c) =>
        row.reduce(
          (sum, value, k) => sum + value * weights[c * width + k],
          weights[c * width + components],
        ),
    );
    const highest = Math.max(...logits), powers = logits.map((logit) => Math.exp(logit - highest));
    const sum = powers.reduce((a, b) => a + b);
    powers.forEach((power, c) => out[n * classes + c] = power / sum);
  }
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
