import type { Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { ExplicitPadding } from "./window_attrs.ts";

/** A convolution given by where it starts and how much comes out. */
export interface PaddedConvolution {
  /** Filter of shape [height, width, in, out]. */
  readonly filter: Tensor4D;
  /** Rows and columns between the filter's taps. */
  readonly dilations: readonly [number, number];
  /** Rows and columns of zeros before the image; negative ones are cut off the image. */
  readonly start: readonly [number, number];
  /** Rows and columns of the result. */
  readonly size: readonly [number, number];
}

/**
 * A stride 1 convolution of an NHWC image whose padding at the end follows from the size of the
 * result; where the image is longer than needed, it is cut.
 */
export function convolvePadded(
  tf: Tf,
  image: Tensor4D,
  { filter, dilations, start, size }: PaddedConvolution,
): Tensor4D {
  const [batch, , , channels] = image.shape;
  const from: number[] = [], length: number[] = [], pads: [number, number][] = [];
  for (const axis of [0, 1]) {
    const have = image.shape[axis + 1];
    const needed = size[axis] + (filter.shape[axis] - 1) * dilations[axis];
    const before = Math.max(start[axis], 0);
    const first = Math.max(-start[axis], 0);
    const kept = Math.min(have - first, needed - before);
    if (kept <= 0) return tf.zeros([batch, size[0], size[1], filter.shape[3]]);
    from.push(first);
    length.push(kept);
    pads.push([before, needed - before - kept]);
  }
  const whole = length[0] === image.shape[1] && length[1] === image.shape[2];
  const part = whole
    ? image
    : tf.slice4d(image, [0, from[0], from[1], 0], [batch, length[0], length[1], channels]);
  const pad: ExplicitPadding = [[0, 0], pads[0], pads[1], [0, 0]];
  return tf.conv2d(part, filter, 1, pad, "NHWC", [...dilations]);
}
