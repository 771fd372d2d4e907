import { checkOptions } from "../../_internal/check_options.ts";
import { type SymbolicTensor, tfjs } from "../../tensors/tf.ts";
import type { BuildContext } from "../build_context.ts";
import type { HybridModelOptions } from "../hybrid_options.ts";
import { connect } from "../layers/connect.ts";
import { checkCounts, isCount } from "./check_count.ts";
import { FIRST_SEED, type VitEncoder } from "./encoder.ts";
import type { BuiltEncoder, EncoderPlan } from "./encoder_plan.ts";

/** A description with its defaults filled in. */
type Config = Required<VitEncoder>;

/**
 * ViT-B/16: 85,798,656 parameters at 224 pixels, 768 features.
 *
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for an image size that is no multiple of the patch, a width that is none of
 *   the heads, and numbers that are no counts
 */
export function vitB16(description: VitEncoder, { imageSize }: HybridModelOptions): EncoderPlan {
  const { name, patch = 16, depth = 12, width = 768, heads = 12 } = description;
  const { mlp = 4 * width } = description;
  const where = `hybridModel: encoder ${name}`;
  checkOptions(where, description, ["name", "patch", "depth", "width", "heads", "mlp"]);
  checkCounts(where, { patch, depth, width, heads, mlp });
  if (width % heads !== 0) {
    throw new RangeError(
      `${where}: width must be a multiple of heads, found ${width} and ${heads}; ` +
        `use a width of ${Math.ceil(width / heads) * heads}, or other heads`,
    );
  }
  if (!isCount(imageSize) || imageSize % patch !== 0) {
    const near = Math.max(1, Math.round((imageSize || 224) / patch)) * patch;
    throw new RangeError(
      `${where}: imageSize must be a multiple of the patch of ${patch} pixels, found ` +
        `${imageSize}; load the images with imageSize: ${near}`,
    );
  }
  const config = { name, patch, depth, width, heads, mlp };
  const side = imageSize / patch;
  return { name, imageSize, build: (image, context) => build(image, config, { side, context }) };
}

function build(
  image: SymbolicTensor,
  { patch, depth, width, heads, mlp }: Config,
  { side, context }: { readonly side: number; readonly context: BuildContext },
): BuiltEncoder {
  const { layers, initializers } = tfjs();
  let used = 0;
  const nextSeed = () => context.seedOf(FIRST_SEED + used++);
  const projection = layers.conv2d({
    name: "encoder_conv_proj",
    filters: width,
    kernelSize: patch,
    strides: patch,
    padding: "valid",
    kernelInitializer: initializers.leCunNormal({ seed: nextSeed() }),
  });
  let x = connect(projection, image);
  x = connect(layers.reshape({ name: "encoder_tokens", targetShape: [side * side, width] }), x);
  x = connect(new context.own.TokenEmbedding({ name: "encoder_embedding", seed: nextSeed() }), x);
  for (let i = 0; i < depth; i++) {
    x = block(x, { name: `encoder_layer_${i}`, heads, mlp }, { context, nextSeed });
  }
  x = norm(x, "encoder_ln", context);
  const features = connect(new context.own.TakeToken({ name: "encoder_features", index: 0 }), x);
  // Behind the last attention only the class token reaches the heads, so the positions speak for
  // a class for the last time in front of it.
  const layer = `encoder_layer_${depth - 1}_ln_1`;
  return { features, cam: { layer, kind: "tokens", classToken: true, grid: [side, side] } };
}

/** Norm before attention and before the two dense layers, each with a way around. */
function block(
  input: SymbolicTensor,
  { name, heads, mlp }: { readonly name: string } & Pick<Config, "heads" | "mlp">,
  { context, nextSeed }: { readonly context: BuildContext; readonly nextSeed: () => number },
): SymbolicTensor {
  const { layers, initializers } = tfjs();
  const width = input.shape.at(-1)!;
  const dense = (suffix: string, units: number) => {
    const kernelInitializer = initializers.glorotUniform({ seed: nextSeed() });
    return layers.dense({ name: `${name}_${suffix}`, units, kernelInitializer });
  };
  const attention = new context.own.SelfAttention({
    name: `${name}_self_attention`,
    heads,
    seed: nextSeed(),
  });
  let x = connect(attention, norm(input, `${name}_ln_1`, context));
  const attended = connect(layers.add({ name: `${name}_add_1` }), [x, input]);
  x = connect(dense("mlp_0", mlp), norm(attended, `${name}_ln_2`, context));
  x = connect(new context.own.Gelu({ name: `${name}_gelu` }), x);
  x = connect(dense("mlp_3", width), x);
  return connect(layers.add({ name: `${name}_add_2` }), [x, attended]);
}

function norm(x: SymbolicTensor, name: string, { own }: BuildContext): SymbolicTensor {
  return connect(new own.TokenNormalization({ name, epsilon: 1e-6 }), x);
}
