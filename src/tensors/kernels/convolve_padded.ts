import type { Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { ExplicitPadding } from "./window_attrs.ts";

/** A convolution given by where it starts and how much comes out. */
export interface PaddedConvolution {
  /** Filter of shape [height, width, in, out]. */
  readonly filter: Tensor4D;
  /** Rows and columns from one result to the next; 1 where dilations are not. */
  readonly strides: readonly [number, number];
  /** Rows and columns between the filter's taps. */
  readonly dilations: readonly [number, number];
  /** Rows and columns of zeros before the image; negative ones are cut off the image. */
  readonly start: readonly [number, number];
  /** Rows and columns of the result. */
  readonly size: readonly [number, number];
}

/**
 * A convolution of an NHWC image whose padding at the end follows from the size of the result;
 * where the image is longer than needed, it is cut.
 */
export function convolvePadded(tf: Tf, image: Tensor4D, wanted: PaddedConvolution): Tensor4D {
  const { filter, strides, dilations, size } = wanted;
  const fitted = fit(tf, image, wanted);
  if (fitted === undefined) return tf.zeros([image.shape[0], ...size, filter.shape[3]]);
  const { part, pad } = fitted;
  return tf.conv2d(part, filter, [...strides], pad, "NHWC", [...dilations]);
}

/** The same for a depthwise convolution. */
export function convolvePaddedDepthwise(
  tf: Tf,
  image: Tensor4D,
  wanted: PaddedConvolution,
): Tensor4D {
  const { filter, strides, dilations, size } = wanted;
  const fitted = fit(tf, image, wanted);
  if (fitted === undefined) {
    return tf.zeros([image.shape[0], ...size, filter.shape[2] * filter.shape[3]]);
  }
  // Padded here: not every backend takes explicit padding for depthwise convolutions.
  const padded = tf.pad4d(fitted.part, fitted.pad);
  return tf.depthwiseConv2d(padded, filter, [...strides], "valid", "NHWC", [...dilations]);
}

/** The part of the image that is seen, and the zeros around it; undefined if only zeros are. */
function fit(
  tf: Tf,
  image: Tensor4D,
  { filter, strides, dilations, start, size }: PaddedConvolution,
): { readonly part: Tensor4D; readonly pad: ExplicitPadding } | undefined {
  const [batch, , , channels] = image.shape;
  const from: number[] = [], length: number[] = [], pads: [number, number][] = [];
  for (const axis of [0, 1]) {
    const have = image.shape[axis + 1];
    const needed = (size[axis] - 1) * strides[axis] + 1 +
      (filter.shape[axis] - 1) * dilations[axis];
    const before = Math.max(start[axis], 0);
    const first = Math.max(-start[axis], 0);
    const kept = Math.min(have - first, needed - before);
    if (kept <= 0) return undefined;
    from.push(first);
    length.push(kept);
    pads.push([before, needed - before - kept]);
  }
  const whole = length[0] === image.shape[1] && length[1] === image.shape[2];
  const part = whole
    ? image
    : tf.slice4d(image, [0, from[0], from[1], 0], [batch, length[0], length[1], channels]);
  return { part, pad: [[0, 0], pads[0], pads[1], [0, 0]] };
}
