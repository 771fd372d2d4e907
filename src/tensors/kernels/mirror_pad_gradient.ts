import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

interface Attrs {
  readonly paddings: [number, number][];
  readonly mode: "reflect" | "symmetric";
}

/** The gradient of `MirrorPad`. That of TensorFlow.js forgets what the mirrored parts add. */
export function mirrorPadGradient(tf: Tf): GradConfig {
  const gradFunc = (dy: Tensor, [x]: Tensor[], attrs: NamedAttrMap) => ({
    x: () => {
      const { paddings, mode } = attrs as unknown as Attrs;
      const edge = mode === "reflect" ? 1 : 0;
      return paddings.reduce((gradient, [before, after], axis) => {
        const size = x.shape[axis];
        const part = (begin: number, count: number) =>
          tf.slice(
            gradient,
            gradient.shape.map((_, i) => i === axis ? begin : 0),
            gradient.shape.map((all, i) => i === axis ? count : all),
          );
        const mirrored = (begin: number, count: number, first: number) =>
          tf.pad(
            tf.reverse(part(begin, count), axis),
            gradient.shape.map((_, i) => i === axis ? [first, size - first - count] : [0, 0]),
          );
        let sum = part(before, size);
        if (before > 0) sum = tf.add(sum, mirrored(0, before, edge));
        if (after > 0) {
          sum = tf.add(sum, mirrored(before + size, after, size - edge - after));
        }
        return sum;
      }, dy);
    },
  });
  const brought = tf.getGradient("MirrorPad");
  return { ...brought, gradFunc: gradFunc as GradConfig["gradFunc"] };
}
