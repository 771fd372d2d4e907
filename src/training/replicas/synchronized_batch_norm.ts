import type { Tensor, Tf } from "../../tensors/tf.ts";

/** What is read and written of a batch normalisation layer of TensorFlow.js. */
export interface NormLayer {
  readonly name: string;
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma: { read(): Tensor };
  readonly beta: { read(): Tensor };
  readonly movingMean: MovingVariable;
  readonly movingVariance: MovingVariable;
}

interface MovingVariable {
  read(): Tensor;
  write(value: Tensor): void;
}

/**
 * Batch normalisation in training by the mean and variance of the whole batch, of which each replica
 * has some rows: forward their means and squares are joined (Chan et al., 1979), backward the two
 * sums that the slope to each input depends on. Every replica's moving statistics move alike.
 */
export function synchronizedBatchNorm(
  tf: Tf,
  x: Tensor,
  { layer, gather }: {
    readonly layer: NormLayer;
    readonly gather: (own: Float32Array) => Float32Array[];
  },
): Tensor {
  const channels = x.shape.at(-1)!;
  checkAxis(layer, x.rank);
  const { gamma, beta, epsilon } = layer;
  return tf.tidy(() => {
    let moments: Moments | undefined;
    const normalize = tf.customGrad((...args: unknown[]) => {
      const [x, gamma, beta, save] = args as [Tensor, Tensor, Tensor, (saved: Tensor[]) => void];
      const rows = x.reshape([-1, channels]);
      const { mean, variance, count } = moments = wholeMoments(rows, gather);
      const inverse = tf.tensor1d(variance).add(epsilon).rsqrt();
      const normal = rows.sub(tf.tensor1d(mean)).mul(inverse);
      save([normal, gamma, inverse]);
      return {
        value: normal.mul(gamma).add(beta).reshape(x.shape),
        gradFunc: (dy: Tensor, [normal, gamma, inverse]: Tensor[]) => {
          const d = dy.reshape([-1, channels]);
          const [toBeta, toGamma] = [d.sum(0), d.mul(normal).sum(0)];
          const all = gather(Float32Array.from([...toBeta.dataSync(), ...toGamma.dataSync()]));
          const mean = (at: number) =>
            tf.tensor1d(meanOf(all.map((own) => own.subarray(at, at + channels)), count));
          const toRows = d.sub(mean(0)).sub(normal.mul(mean(channels)));
          return [toRows.mul(inverse.mul(gamma)).reshape(dy.shape), toGamma, toBeta];
        },
      };
    });
    const y = normalize(x, gamma.read(), beta.read());
    move(tf, layer, moments!);
    return y;
  });
}

/** Mean and variance of each channel over all rows of all replicas. */
interface Moments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly count: number;
}

/** Means first, then squares from them: the difference of large squares would have no digits left. */
function wholeMoments(
  rows: Tensor,
  gather: (own: Float32Array) => Float32Array[],
): Moments {
  const [count, channels] = rows.shape;
  const ownMean = rows.mean(0);
  const squares = rows.sub(ownMean).square().sum(0);
  const own = Float32Array.from([count, ...ownMean.dataSync(), ...squares.dataSync()]);
  const all = gather(own);
  const total = all.reduce((sum, [rows]) => sum + rows, 0);
  const mean = new Float32Array(channels), variance = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const middle = all.reduce((sum, part) => sum + part[0] * part[1 + c], 0) / total;
    mean[c] = middle;
    variance[c] = all.reduce(
      (sum, part) => sum + part[1 + channels + c] + part[0] * (part[1 + c] - middle) ** 2,
      0,
    ) / total;
  }
  return { mean, variance, count: total };
}

function meanOf(parts: readonly Float32Array[], count: number): Float32Array {
  return parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i], 0) / count);
}

/** As the layer itself moves them. */
function move(tf: Tf, layer: NormLayer, { mean, variance }: Moments): void {
  const { movingMean, movingVariance, momentum } = layer;
  tf.tidy(() => {
    for (const [moving, now] of [[movingMean, mean], [movingVariance, variance]] as const) {
      const before = moving.read();
      moving.write(before.sub(before.sub(tf.tensor1d(now)).mul(1 - momentum)));
    }
  });
}

function checkAxis({ name, axis }: NormLayer, rank: number): void {
  if (axis === -1 || axis === rank - 1) return;
  throw new RangeError(
    `Layer "${name}" normalises axis ${axis} of ${rank}, and synchronised statistics are taken of ` +
      `the last one; pass batchNorm: "replica"`,
  );
}
