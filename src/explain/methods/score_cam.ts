import type { Tensor, Tensor4D } from "../../tensors/tf.ts";
import type { RawMap } from "../cam.ts";
import { type Captured, scoresOf, type Subject } from "./subject.ts";
import { toGrid } from "./token_grid.ts";

/** Each channel, enlarged and scaled from 0 to 1, veils the image; what is left of the score weighs it. */
export async function scoreCam(subject: Subject, layer: Captured): Promise<RawMap[]> {
  const maps: RawMap[] = [];
  for (let image = 0; image < subject.x.shape[0]; image++) {
    maps.push(await explainOne(subject, layer, image));
  }
  return maps;
}

async function explainOne(subject: Subject, layer: Captured, image: number): Promise<RawMap> {
  const { tf, x, batchSize } = subject;
  const { activation, tokens } = layer;
  const kept = tf.tidy(() => {
    const [, ...rest] = activation.shape;
    const own = activation.slice([image, ...rest.map(() => 0)], [1, ...rest]);
    const grid = tokens === undefined ? own as Tensor4D : toGrid(tf, own, tokens);
    const [, ...size] = x.shape;
    return { grid, picture: x.slice([image, ...size.map(() => 0)], [1, ...size]) };
  });
  try {
    const { grid, picture } = kept;
    const [, height, width, channels] = grid.shape;
    const base = await scores(subject, picture.zerosLike(), image);
    const raised: number[] = [];
    for (let from = 0; from < channels; from += batchSize) {
      const veiled = tf.tidy(() => {
        const part = grid.slice([0, 0, 0, from], [
          1,
          height,
          width,
          Math.min(batchSize, channels - from),
        ]);
        const large = tf.image.resizeBilinear(
          part as Tensor4D,
          x.shape.slice(1, 3) as [number, number],
          false,
          true,
        );
        const low = large.min([1, 2], true), span = large.max([1, 2], true).sub(low);
        // A channel that is the same everywhere veils all or nothing: it says nothing of where.
        const veils = large.sub(low).div(tf.where(span.greater(0), span, tf.onesLike(span)));
        return picture.mul(veils.transpose([3, 1, 2, 0]));
      });
      raised.push(...await scores(subject, veiled, image));
    }
    const weights = softmax(raised.map((score) => score - base[0]));
    const raw = tf.tidy(() => grid.mul(tf.tensor1d(weights)).sum(-1));
    const values = await raw.data<"float32">();
    raw.dispose();
    return { raw: values, grid: { height, width }, weights };
  } finally {
    tf.dispose(kept);
  }
}

/** The explained score of variants of one image; takes the tensor over. */
async function scores(subject: Subject, variants: Tensor, image: number): Promise<Float32Array> {
  const { tf, chosen } = subject;
  try {
    const rows = Array.from({ length: variants.shape[0] }, () => image);
    const each = tf.tidy(() => chosen.each(tf, scoresOf(subject, { input: variants }), rows));
    return await each.data<"float32">().finally(() => each.dispose());
  } finally {
    variants.dispose();
  }
}

function softmax(values: readonly number[]): Float32Array {
  const high = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - high));
  const sum = powers.reduce((a, b) => a + b, 0);
  return Float32Array.from(powers, (power) => power / sum);
}
