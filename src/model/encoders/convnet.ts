import { checkOptions, unknownName } from "../../_internal/check_options.ts";
import { type SymbolicTensor, tfjs } from "../../tensors/tf.ts";
import type { BuildContext } from "../build_context.ts";
import type { HybridModelOptions } from "../hybrid_options.ts";
import { connect } from "../layers/connect.ts";
import { isCount } from "./check_count.ts";
import type { ConvnetEncoder, EncoderCam } from "./encoder.ts";
import type { BuiltEncoder, EncoderPlan } from "./encoder_plan.ts";

/**
 * The default encoder: small, trained from scratch in minutes.
 *
 * @throws {RangeError} for filters that are no counts, or an image too small for them
 */
export function convnet(
  description: ConvnetEncoder,
  { imageSize, filters = [16, 32, 64] }: HybridModelOptions,
): EncoderPlan {
  checkOptions("hybridModel: encoder convnet", description, ["name", "pooling"]);
  const { pooling = "mean_max" } = description;
  if (!POOLINGS.includes(pooling)) {
    throw new TypeError(
      unknownName("hybridModel: encoder convnet", "pooling", String(pooling), POOLINGS),
    );
  }
  if (!Array.isArray(filters) || filters.length === 0 || !filters.every(isCount)) {
    throw new RangeError(
      `hybridModel: filters must be positive whole numbers, one for each block, found ` +
        `${JSON.stringify(filters)}; leave it out for [16, 32, 64]`,
    );
  }
  const smallest = 2 ** filters.length;
  if (!Number.isInteger(imageSize) || imageSize! < smallest) {
    throw new RangeError(
      `hybridModel: imageSize must be an integer of at least ${smallest} for ${filters.length} ` +
        `convolution blocks, found ${imageSize}; use larger images or fewer filters`,
    );
  }
  return {
    name: "convnet",
    imageSize: imageSize!,
    build: (image, context) => build(image, { filters, pooling }, context),
  };
}

const POOLINGS = ["mean", "mean_max"];

/** The Grad-CAM layer of a convnet with so many blocks. */
export function convnetCam(blocks: number): EncoderCam {
  return { layer: `encoder_relu${blocks}`, kind: "map" };
}

/**
 * Blocks of convolution, batch norm, ReLU and max pooling (the last block keeps its resolution, for
 * class activation maps), then the mean of each channel, `[batch, filters]`, and by default also its
 * maximum, `[batch, 2 * filters]`.
 */
function build(
  image: SymbolicTensor,
  { filters, pooling }: { readonly filters: readonly number[]; readonly pooling: string },
  { seedOf }: BuildContext,
): BuiltEncoder {
  const { layers, initializers } = tfjs();
  let x = image;
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
  const dataFormat = "channelsLast";
  const mean = connect(layers.globalAveragePooling2d({ name: "encoder_mean", dataFormat }), x);
  const cam = convnetCam(filters.length);
  if (pooling === "mean") return { features: mean, cam };
  const pooled = [
    mean,
    connect(layers.globalMaxPooling2d({ name: "encoder_max", dataFormat }), x),
  ];
  const features = connect(layers.concatenate({ name: "encoder_features" }), pooled);
  return { features, cam };
}
