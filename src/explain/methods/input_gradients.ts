import { SeededRandom } from "../../_internal/seeded_random.ts";
import type { Tensor, Tf } from "../../tensors/tf.ts";
import { splitRows } from "../split_rows.ts";
import { orNoGradient, type RawMaps, scoresOf, type Subject } from "./subject.ts";

/** From which picture the evidence is counted: black, or each image's own mean colour. */
export type Baseline = "black" | "mean";

/**
 * Integrated gradients (Sundararajan et al., 2017): the gradient's mean along the straight way from
 * the baseline to the image, times what changes on it. Its sum is what the score gains on the way.
 */
export function integratedGradients(
  subject: Subject,
  { steps, baseline, black }: {
    readonly steps: number;
    readonly baseline: Baseline;
    /** What the model takes for a black image, `[1, height, width, channels]`. */
    readonly black: Tensor;
  },
): Promise<RawMaps> {
  const { x } = subject;
  return inputMaps(subject, () => {
    const from = baseline === "black" ? black : x.mean([1, 2], true);
    const way = x.sub(from);
    // The middle of each step: with as many steps much closer than their ends.
    const sum = sumOfGradients(subject, steps, (n) => from.add(way.mul((n + 0.5) / steps)));
    return { raw: sum.mul(way).div(steps).sum(-1), reached: highest(sum) };
  });
}

/**
 * SmoothGrad (Smilkov et al., 2017): the gradient's mean over noisy copies of the image, of which
 * the size counts, summed over the channels.
 */
export function smoothGrad(
  subject: Subject,
  { samples, noise, seed }: {
    readonly samples: number;
    /** Standard deviation as a share of the image's range. */
    readonly noise: number;
    readonly seed: number;
  },
): Promise<RawMaps> {
  const { tf, x } = subject;
  return inputMaps(subject, () => {
    const range = x.max([1, 2, 3], true).sub(x.min([1, 2, 3], true)).mul(noise);
    const sum = sumOfGradients(
      subject,
      samples,
      (n) => x.add(normalNoise(tf, x, seed + n).mul(range)),
    );
    return { raw: sum.div(samples).abs().sum(-1), reached: highest(sum) };
  });
}

/** One noise for all images: a batch of 7 must be 7 batches of 1. */
function normalNoise(tf: Tf, x: Tensor, seed: number): Tensor {
  const [, ...size] = x.shape;
  const random = new SeededRandom(seed);
  const length = size.reduce((a, b) => a * b, 1);
  return tf.tensor(Float32Array.from({ length }, () => random.normal()), [1, ...size]);
}

function sumOfGradients(subject: Subject, count: number, at: (n: number) => Tensor): Tensor {
  const { tf, x, chosen } = subject;
  const gradient = tf.grad((input: Tensor) => chosen.total(tf, scoresOf(subject, { input })));
  let sum: Tensor = tf.zerosLike(x);
  for (let n = 0; n < count; n++) {
    const before = sum;
    sum = tf.tidy(() => before.add(gradient(at(n))));
    before.dispose();
  }
  return sum;
}

function highest(gradient: Tensor): Tensor {
  return gradient.abs().max([1, 2, 3]);
}

async function inputMaps(
  subject: Subject,
  compute: () => { readonly raw: Tensor; readonly reached: Tensor },
): Promise<RawMaps> {
  const { tf, x } = subject;
  const [count, height, width] = x.shape;
  const take = () => tf.tidy(() => ({ ...compute() }));
  const tensors = orNoGradient(subject, { place: "the image", take });
  if (typeof tensors === "string") return tensors;
  const [raw, reached] = await Promise.all([
    tensors.raw.data<"float32">(),
    tensors.reached.data<"float32">(),
  ]);
  tf.dispose(tensors);
  return splitRows(raw, count).map((raw, i) => ({
    raw,
    grid: { height, width },
    reached: reached[i] !== 0,
  }));
}
