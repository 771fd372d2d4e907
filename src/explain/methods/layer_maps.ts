import type { Tensor, Tensor4D, Tf } from "../../tensors/tf.ts";
import { splitRows } from "../split_rows.ts";
import { type Captured, orNoGradient, type RawMaps, scoresOf, type Subject } from "./subject.ts";
import { toGrid } from "./token_grid.ts";

/** Methods that weigh the activations of a layer by the gradient of the score. */
export type LayerMethod = "gradcam" | "hirescam" | "gradcam++" | "layercam";

interface Sums {
  /** `[batch, height, width]`. */
  readonly raw: Tensor;
  /** `[batch, channels]`, for the methods that have one weight a channel. */
  readonly weights?: Tensor;
}

/** From activations and gradients, both `[batch, height, width, channels]`. */
const METHODS: Readonly<Record<LayerMethod, (tf: Tf, a: Tensor4D, g: Tensor4D) => Sums>> = {
  gradcam: (_, a, g) => weighted(a, g.mean([1, 2], true)),
  hirescam: (_, a, g) => ({ raw: a.mul(g).sum(-1) }),
  // (g² / (2 g² + Σa g³)) relu(g), in which g² goes out.
  "gradcam++": (tf, a, g) => {
    const below = a.sum([1, 2], true).mul(g).add(2);
    const safe = tf.where(below.abs().less(1e-6), tf.onesLike(below), below);
    return weighted(a, g.relu().div(safe).sum([1, 2], true));
  },
  layercam: (_, a, g) => ({ raw: a.mul(g.relu()).sum(-1) }),
};

function weighted(activation: Tensor4D, weights: Tensor): Sums {
  return { raw: activation.mul(weights).sum(-1), weights: weights.squeeze([1, 2]) };
}

/** The maps of a batch by one of the methods. */
export async function layerMaps(
  method: LayerMethod,
  subject: Subject,
  layer: Captured,
): Promise<RawMaps> {
  const { tf, chosen } = subject;
  const { activation, path, tokens } = layer;
  const score = (replacement: Tensor) =>
    chosen.total(tf, scoresOf(subject, { replace: { [path]: replacement } }));
  const tensors = orNoGradient(subject, {
    place: `layer "${path}"`,
    take: () =>
      tf.tidy(() => {
        const gradient = tf.grad(score)(activation);
        const [a, g] = [activation, gradient].map((x) =>
          tokens === undefined ? x as Tensor4D : toGrid(tf, x, tokens)
        );
        const { raw, weights } = METHODS[method](tf, a, g);
        const reached = g.abs().max([1, 2, 3]);
        return weights === undefined ? { raw, reached } : { raw, reached, weights };
      }),
  });
  if (typeof tensors === "string") return tensors;
  try {
    const [count, height, width] = tensors.raw.shape;
    const read = async (tensor: Tensor) => splitRows(await tensor.data<"float32">(), count);
    const [raw, reached] = await Promise.all([read(tensors.raw), read(tensors.reached)]);
    const weights = tensors.weights && await read(tensors.weights);
    return raw.map((raw, i) => ({
      raw,
      grid: { height, width },
      reached: reached[i][0] !== 0,
      ...weights && { weights: weights[i] },
    }));
  } finally {
    tf.dispose(tensors);
  }
}
