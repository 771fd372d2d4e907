import { checkOptions } from "../../_internal/check_options.ts";
import { type SymbolicTensor, tfjs } from "../../tensors/tf.ts";
import type { BuildContext } from "../build_context.ts";
import type { HybridModelOptions } from "../hybrid_options.ts";
import { connect } from "../layers/connect.ts";
import { checkCounts, isCount } from "./check_count.ts";
import type { ResnetEncoder } from "./encoder.ts";
import type { BuiltEncoder, EncoderPlan } from "./encoder_plan.ts";
import { ResnetParts } from "./resnet_parts.ts";

/** A residual branch, without the sum and the ReLU behind it. */
export type Branch = (
  x: SymbolicTensor,
  options: BranchOptions,
  parts: ResnetParts,
) => SymbolicTensor;

/** Shape of one residual branch. */
export interface BranchOptions {
  /** Before the names of its layers, e.g. `layer1_0`. */
  readonly name: string;
  readonly width: number;
  readonly stride: number;
  /** Whether the last batch norm starts with gamma 0. */
  readonly zeroLast: boolean;
}

/** What tells one residual network from another. */
export interface ResnetKind {
  readonly blocks: readonly number[];
  /** Channels of a block's output over its width. */
  readonly expansion: number;
  readonly branch: Branch;
}

/**
 * Checks the description of a residual network.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for a width or blocks that are no counts, or a too small image
 */
export function resnet(
  description: ResnetEncoder,
  { imageSize }: HybridModelOptions,
  kind: ResnetKind,
): EncoderPlan {
  const { name, width = 64, blocks = kind.blocks } = description;
  const where = `hybridModel: encoder ${name}`;
  checkOptions(where, description, ["name", "width", "blocks", "zeroInitResidual"]);
  checkCounts(where, { width });
  if (!Array.isArray(blocks) || blocks.length === 0 || !blocks.every(isCount)) {
    throw new RangeError(
      `${where}: blocks must be positive whole numbers, one for each stage, found ` +
        `${JSON.stringify(blocks)}; leave it out for ${JSON.stringify(kind.blocks)}`,
    );
  }
  const smallest = 2 ** (blocks.length + 1);
  if (!isCount(imageSize) || imageSize < smallest) {
    throw new RangeError(
      `${where}: imageSize must be an integer of at least ${smallest} for ${blocks.length} stages, ` +
        `found ${imageSize}; use larger images or fewer blocks`,
    );
  }
  const config = { ...description, width, blocks };
  return { name, imageSize, build: (image, context) => build(image, config, { kind, context }) };
}

function build(
  image: SymbolicTensor,
  { width, blocks, zeroInitResidual = false }: ResnetEncoder & {
    readonly width: number;
    readonly blocks: readonly number[];
  },
  { kind, context }: { readonly kind: ResnetKind; readonly context: BuildContext },
): BuiltEncoder {
  const { layers } = tfjs();
  const parts = new ResnetParts(context);
  let x = parts.convolution(image, { name: "conv1", filters: width, kernel: 7, stride: 2 });
  x = parts.relu(parts.norm(x, { name: "bn1" }), "relu");
  // Nothing is below 0 behind a ReLU, so that zeros around it are as good as PyTorch's -∞.
  x = parts.pad(x, { name: "maxpool_pad", by: 1 });
  x = connect(layers.maxPooling2d({ name: "encoder_maxpool", poolSize: 3, strides: 2 }), x);
  blocks.forEach((count, stage) => {
    for (let block = 0; block < count; block++) {
      const options: BranchOptions = {
        name: `layer${stage + 1}_${block}`,
        width: width * 2 ** stage,
        stride: stage > 0 && block === 0 ? 2 : 1,
        zeroLast: zeroInitResidual,
      };
      x = residual(x, options, { kind, parts });
    }
  });
  const pool = layers.globalAveragePooling2d({
    name: "encoder_features",
    dataFormat: "channelsLast",
  });
  const cam = x.sourceLayer.name;
  return { features: connect(pool, x), cam: { layer: cam, kind: "map" } };
}

/** A branch, the shortcut (projected where the shape changes), their sum and a ReLU. */
function residual(
  x: SymbolicTensor,
  options: BranchOptions,
  { kind, parts }: { readonly kind: ResnetKind; readonly parts: ResnetParts },
): SymbolicTensor {
  const { name, stride } = options;
  const filters = options.width * kind.expansion;
  const branch = kind.branch(x, options, parts);
  let shortcut = x;
  if (stride > 1 || x.shape.at(-1) !== filters) {
    const projection = { name: `${name}_downsample_0`, filters, kernel: 1, stride };
    shortcut = parts.convolution(x, projection);
    shortcut = parts.norm(shortcut, { name: `${name}_downsample_1` });
  }
  const add = tfjs().layers.add({ name: `encoder_${name}_add` });
  return parts.relu(connect(add, [branch, shortcut]), `${name}_relu`);
}
