import type { GradConfig, NamedAttrMap, Tensor, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { ConvInfo } from "./convolution.ts";
import { convolvePaddedDepthwise } from "./convolve_padded.ts";
import type { WindowAttrs } from "./window_attrs.ts";

interface Attrs extends WindowAttrs {
  readonly dilations?: [number, number] | number | null;
}

/**
 * The gradient of `DepthwiseConv2dNative` with dilations, which that of TensorFlow.js refuses and
 * the kernels of its backends would ignore. Where there are dilations, there are no strides.
 */
export function depthwiseConv2dGradient(tf: Tf): GradConfig {
  const brought = tf.getGradient("DepthwiseConv2dNative");
  const gradFunc = (dy: Tensor4D, saved: Tensor4D[], attrs: NamedAttrMap) => {
    const { strides, dilations, pad, dimRoundingMode } = attrs as unknown as Attrs;
    if ([dilations ?? 1].flat().every((step) => step === 1)) {
      return brought.gradFunc(dy, saved, attrs);
    }
    const [x, filter] = saved;
    const conv = tf.backend_util.computeConv2DInfo(
      x.shape,
      filter.shape,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      true,
    );
    return {
      x: () => inputGradient(tf, { dy, filter, conv }),
      filter: () => filterGradient(tf, { x, dy, conv }),
    };
  };
  return { ...brought, gradFunc: gradFunc as unknown as GradConfig["gradFunc"] };
}

/** A depthwise convolution of dy with the turned filter; the outputs of a channel are added up. */
function inputGradient(
  tf: Tf,
  { dy, filter, conv }: {
    readonly dy: Tensor4D;
    readonly filter: Tensor4D;
    readonly conv: ConvInfo;
  },
): Tensor {
  const { inChannels, outChannels, filterHeight, filterWidth } = conv;
  return tf.tidy(() => {
    const turned = tf.reverse(filter, [0, 1]);
    const spread = convolvePaddedDepthwise(tf, dy, {
      filter: tf.reshape(turned, [filterHeight, filterWidth, outChannels, 1]),
      strides: [1, 1],
      dilations: [conv.dilationHeight, conv.dilationWidth],
      start: [
        (filterHeight - 1) * conv.dilationHeight - conv.padInfo.top,
        (filterWidth - 1) * conv.dilationWidth - conv.padInfo.left,
      ],
      size: [conv.inHeight, conv.inWidth],
    });
    if (outChannels === inChannels) return spread;
    return tf.reshape(
      tf.sum(tf.reshape(spread, [-1, inChannels, outChannels / inChannels]), 2),
      conv.inShape,
    );
  });
}

/** For each tap the image it has seen, times dy, added up over images and pixels. */
function filterGradient(
  tf: Tf,
  { x, dy, conv }: { readonly x: Tensor4D; readonly dy: Tensor4D; readonly conv: ConvInfo },
): Tensor {
  const { batchSize, inChannels, outHeight, outWidth, padInfo } = conv;
  const many = conv.outChannels / inChannels;
  const pixels = batchSize * outHeight * outWidth;
  return tf.tidy(() => {
    const padded = tf.pad4d(x, [[0, 0], [padInfo.top, padInfo.bottom], [
      padInfo.left,
      padInfo.right,
    ], [0, 0]]);
    const gradients = tf.reshape(dy, [pixels, inChannels, many]);
    const taps: Tensor[] = [];
    for (let k = 0; k < conv.filterHeight; k++) {
      for (let l = 0; l < conv.filterWidth; l++) {
        const seen = tf.slice4d(
          padded,
          [0, k * conv.dilationHeight, l * conv.dilationWidth, 0],
          [batchSize, outHeight, outWidth, inChannels],
        );
        taps.push(tf.sum(tf.mul(tf.reshape(seen, [pixels, inChannels, 1]), gradients), 0));
      }
    }
    return tf.reshape(tf.stack(taps), conv.filterShape);
  });
}
