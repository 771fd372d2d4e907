import { type SymbolicTensor, tfjs } from "../tensors/tf.ts";
import type { BuildContext } from "./heads.ts";
import { connect } from "./layers/connect.ts";

/**
 * Blocks of convolution, batch norm, ReLU and max pooling (the last block keeps its resolution, for
 * class activation maps), then mean and maximum of each channel: `[batch, 2 * filters]`.
 */
export function convEncoder(
  image: SymbolicTensor,
  { options, own, seedOf }: BuildContext,
): SymbolicTensor {
  const { layers, initializers } = tfjs();
  const { filters = [16, 32, 64], dropout = 0.2, normalization } = options;
  const { mean, sd } = normalization ?? { mean: [0.5, 0.5, 0.5], sd: [0.25, 0.25, 0.25] };
  let x = connect(new own.ChannelNormalization({ name: "encoder_normalize", mean, sd }), image);
  filters.forEach((count, i) => {
    const block = i + 1;
    const convolution = layers.conv2d({
      name: `encoder_conv${block}`,
      filters: count,
      kernelSize: 3,
      padding: "same",
      useBias: false,
      kernelInitializer: initializers.heNormal({ seed: seedOf(i) }),
    });
    x = connect(convolution, x);
    // 0.99, the default of tfjs, needs hundreds of steps before validation means anything.
    x = connect(layers.batchNormalization({ name: `encoder_norm${block}`, momentum: 0.9 }), x);
    x = connect(layers.reLU({ name: `encoder_relu${block}` }), x);
    if (block < filters.length) {
      x = connect(layers.maxPooling2d({ name: `encoder_pool${block}`, poolSize: 2 }), x);
    }
  });
  // The mean says how much of the image looks ill, the maximum does not miss one small lesion.
  const pooled = [
    connect(layers.globalAveragePooling2d({ name: "encoder_mean", dataFormat: "channelsLast" }), x),
    connect(layers.globalMaxPooling2d({ name: "encoder_max", dataFormat: "channelsLast" }), x),
  ];
  x = connect(layers.concatenate({ name: "encoder_features" }), pooled);
  return connect(new own.SeededDropout({ name: "encoder_dropout", rate: dropout }), x);
}
