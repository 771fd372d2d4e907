import type { Tensor, Tensor4D } from "../../tensors/tf.ts";
import type { RawMap } from "../cam.ts";
import { scoresOf, type Subject } from "./subject.ts";

/** Sides of the patch and steps from one to the next, in pixels of the model's input. */
export interface PatchSize {
  readonly patch: number;
  readonly stride: number;
}

/**
 * Occlusion (Zeiler and Fergus, 2014): what the score loses when a patch is painted over with the
 * image's mean colour, wherever the patch may lie.
 */
export async function occlusion(
  subject: Subject,
  { patch, stride }: PatchSize,
): Promise<RawMap[]> {
  const { tf, x, chosen } = subject;
  const [count, height, width] = x.shape;
  const rows = starts(height, { patch, stride }), columns = starts(width, { patch, stride });
  const images = Array.from({ length: count }, (_, i) => i);
  const score = async (input: Tensor) => {
    const each = tf.tidy(() => chosen.each(tf, scoresOf(subject, { input }), images));
    const values = await each.data<"float32">();
    each.dispose();
    return values;
  };
  const whole = await score(x);
  const raw = images.map(() => new Float32Array(rows.length * columns.length));
  const mean = x.mean([1, 2], true);
  try {
    for (const [r, top] of rows.entries()) {
      for (const [c, left] of columns.entries()) {
        const painted = tf.tidy(() => {
          const ones = tf.ones([1, Math.min(patch, height), Math.min(patch, width), 1]) as Tensor4D;
          const below = height - top - ones.shape[1], beside = width - left - ones.shape[2];
          const veil = tf.pad(ones, [[0, 0], [top, below], [left, beside], [0, 0]]);
          return x.mul(veil.neg().add(1)).add(mean.mul(veil));
        });
        const without = await score(painted).finally(() => painted.dispose());
        without.forEach((value, i) => raw[i][r * columns.length + c] = whole[i] - value);
      }
    }
  } finally {
    mean.dispose();
  }
  return raw.map((raw) => ({ raw, grid: { height: rows.length, width: columns.length } }));
}

/** First pixels of the patches; the last one ends with the image. */
function starts(side: number, { patch, stride }: PatchSize): number[] {
  const last = Math.max(0, side - patch), found: number[] = [];
  for (let at = 0; at < last; at += stride) found.push(at);
  return [...found, last];
}
