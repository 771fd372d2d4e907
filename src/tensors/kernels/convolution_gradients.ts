import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { ConvInfo } from "./convolution.ts";
import { convolvePadded } from "./convolve_padded.ts";

/**
 * The filter gradient of a convolution as a forward convolution: the images play the channels, the
 * output gradient the filter, and stride and dilation change places.
 *
 * dW[k, l, c, o] = Σ over n, i, j of x[n, i·s + k·d − p, j·s + l·d − p, c] · dy[n, i, j, o]
 */
export function convolutionFilterGradient(
  tf: Tf,
  { x, dy, conv }: { readonly x: Tensor4D; readonly dy: Tensor4D; readonly conv: ConvInfo },
): Tensor4D {
  return tf.tidy(() => {
    const gradient = convolvePadded(tf, tf.transpose(x, [3, 1, 2, 0]), {
      filter: tf.transpose(dy, [1, 2, 0, 3]),
      strides: [conv.dilationHeight, conv.dilationWidth],
      dilations: [conv.strideHeight, conv.strideWidth],
      start: [conv.padInfo.top, conv.padInfo.left],
      size: [conv.filterHeight, conv.filterWidth],
    });
    return tf.transpose(gradient, [1, 2, 0, 3]);
  });
}

/**
 * The input gradient of a convolution as a forward convolution of the output gradient, spread out
 * by the stride, with the filter turned around.
 *
 * dx[n, h, w, c] = Σ over k, l, o of dy[n, (h + p − k·d) / s, (w + p − l·d) / s, o] · W[k, l, c, o]
 */
export function convolutionInputGradient(
  tf: Tf,
  { dy, filter, conv }: {
    readonly dy: Tensor4D;
    readonly filter: Tensor4D;
    readonly conv: ConvInfo;
  },
): Tensor4D {
  return tf.tidy(() =>
    convolvePadded(tf, spread(tf, dy, [conv.strideHeight, conv.strideWidth]), {
      filter: tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]),
      strides: [1, 1],
      dilations: [conv.dilationHeight, conv.dilationWidth],
      start: [
        (conv.filterHeight - 1) * conv.dilationHeight - conv.padInfo.top,
        (conv.filterWidth - 1) * conv.dilationWidth - conv.padInfo.left,
      ],
      size: [conv.inHeight, conv.inWidth],
    })
  );
}

/** Puts `stride − 1` rows and columns of zeros after each row and column. */
function spread(tf: Tf, dy: Tensor4D, [strideHeight, strideWidth]: [number, number]): Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return dy;
  const [batch, height, width, channels] = dy.shape;
  const row = width * strideWidth * channels;
  const pixels: Tensor2D = tf.reshape(dy, [batch * height * width, channels]);
  const columns = tf.pad2d(pixels, [[0, 0], [0, (strideWidth - 1) * channels]]);
  const rows: Tensor2D = tf.reshape(columns, [batch * height, row]);
  const spreadRows = tf.pad2d(rows, [[0, 0], [0, (strideHeight - 1) * row]]);
  return tf.reshape(spreadRows, [batch, height * strideHeight, width * strideWidth, channels]);
}
