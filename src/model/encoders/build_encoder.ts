import { unknownName } from "../../_internal/check_options.ts";
import type { SymbolicTensor } from "../../tensors/tf.ts";
import type { BuildContext } from "../build_context.ts";
import type { HybridModelOptions } from "../hybrid_options.ts";
import { connect } from "../layers/connect.ts";
import { convnet } from "./convnet.ts";
import type { EncoderOption } from "./encoder.ts";
import type { BuiltEncoder, EncoderPlan } from "./encoder_plan.ts";
import { fromSaved } from "./from_saved.ts";
import { statisticsOf } from "./normalization.ts";
import { resnet18 } from "./resnet18.ts";
import { resnet50 } from "./resnet50.ts";
import { vitB16 } from "./vit_b_16.ts";

const NAMES = ["convnet", "resnet18", "resnet50", "vit_b_16", "from_saved"];

/**
 * Checks what is said of the encoder.
 *
 * @throws {TypeError} for an unknown encoder or option of it
 * @throws {RangeError} for numbers that it cannot take
 */
export function planEncoder(options: HybridModelOptions): EncoderPlan {
  const { encoder = "convnet" } = options;
  const description = (typeof encoder === "string" ? { name: encoder } : encoder) as Exclude<
    EncoderOption,
    string
  >;
  if (options.filters !== undefined && description?.name !== "convnet") {
    throw new TypeError(
      `hybridModel: filters are those of the convnet, found encoder "${description?.name}"; ` +
        `leave filters out`,
    );
  }
  switch (description?.name) {
    case "convnet":
      return convnet(description, options);
    case "resnet18":
      return resnet18(description, options);
    case "resnet50":
      return resnet50(description, options);
    case "vit_b_16":
      return vitB16(description, options);
    case "from_saved":
      return fromSaved(description, options);
    default: {
      const { name } = (description ?? {}) as { readonly name?: unknown };
      throw new TypeError(unknownName("hybridModel", "encoder", String(name), NAMES));
    }
  }
}

/** Normalisation, the encoder itself, and dropout: images in [0, 1] to `[batch, features]`. */
export function buildEncoder(
  plan: EncoderPlan,
  image: SymbolicTensor,
  context: BuildContext,
): BuiltEncoder {
  const { options: { dropout = 0.2, normalization }, own } = context;
  const { mean, sd } = statisticsOf(normalization);
  const normalized = new own.ChannelNormalization({ name: "encoder_normalize", mean, sd });
  const { features, cam } = plan.build(connect(normalized, image), context);
  const dropped = new own.SeededDropout({ name: "encoder_dropout", rate: dropout });
  return { features: connect(dropped, features), cam };
}
