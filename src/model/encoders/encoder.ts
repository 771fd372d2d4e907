import type { LayersModel } from "../../tensors/tf.ts";

/** Seeds of the weights of large encoders start here; the heads have those below. */
export const FIRST_SEED = 500;

/** Encoders that need no description but their name. */
export type EncoderName = "convnet" | "resnet18" | "resnet50" | "vit_b_16";

/** The default encoder; `filters` and `dropout` of `hybridModel()` shape it. */
export interface ConvnetEncoder {
  /** Blocks of convolution, batch norm, ReLU and pooling. */
  readonly name: "convnet";
  /**
   * What becomes of the positions of the last block: the mean of each channel, or the mean and the
   * maximum, which does not miss one small lesion. @default {"mean_max"}
   */
  readonly pooling?: "mean" | "mean_max";
}

/**
 * A residual network (He et al., 2015) as torchvision builds it: layers are named after its
 * parameters, `layer1.0.conv1` is `encoder_layer1_0_conv1`.
 */
export interface ResnetEncoder {
  /** Basic blocks (18) or bottlenecks with the stride in the 3x3 convolution (50). */
  readonly name: "resnet18" | "resnet50";
  /** Channels after the first convolution. @default {64} */
  readonly width?: number;
  /** Blocks of each stage; every stage after the first halves the resolution. @default {[2, 2, 2, 2] or [3, 4, 6, 3]} */
  readonly blocks?: readonly number[];
  /** Whether each residual branch starts as zero (the last batch norm's gamma). @default {false} */
  readonly zeroInitResidual?: boolean;
}

/**
 * A vision transformer (Dosovitskiy et al., 2020) as torchvision builds it, with a class token and
 * learned positions for the image size at hand. Layers are named after its parameters:
 * `encoder.layers.encoder_layer_0.ln_1` is `encoder_layer_0_ln_1`.
 */
export interface VitEncoder {
  /** Base size, patches of 16 pixels. */
  readonly name: "vit_b_16";
  /** Side of a patch in pixels; the image size is a multiple of it. @default {16} */
  readonly patch?: number;
  /** Encoder blocks. @default {12} */
  readonly depth?: number;
  /** Numbers of a token, a multiple of `heads`. @default {768} */
  readonly width?: number;
  /** Attention heads. @default {12} */
  readonly heads?: number;
  /** Hidden units behind the attention. @default {4 * width} */
  readonly mlp?: number;
}

/**
 * The front part of a tf.layers model of your own. Its layers are copied with their weights (the
 * model stays as it is), flat and with `encoder_` before their names: `conv1` becomes
 * `encoder_conv1`, `base/conv1` of a nested model `encoder_base_conv1`.
 */
export interface SavedEncoder {
  /** Any model with one input `[batch, side, side, 3]`. */
  readonly name: "from_saved";
  /** The model in hand; `loadEncoder()` reads one from a folder. */
  readonly model: LayersModel;
  /**
   * The layer whose output are the features, "outer/inner" in nested models; maps and tokens are
   * averaged over their positions. @default {what goes into the last dense layer}
   */
  readonly cut?: string;
  /**
   * The Grad-CAM layer, by its name in your model. @default {the last one up to the cut with an output larger than 1x1}
   */
  readonly cam?: EncoderCam;
}

/** What `hybridModel({ encoder })` takes. */
export type EncoderOption =
  | EncoderName
  | ConvnetEncoder
  | ResnetEncoder
  | VitEncoder
  | SavedEncoder;

/** The layer that Grad-CAM looks at and how its output lies on the image. */
export type EncoderCam =
  | {
    /** Name in the network; its output is `[batch, rows, columns, channels]`. */
    readonly layer: string;
    /** Positions are axes. */
    readonly kind: "map";
  }
  | {
    /** Name in the network; its output is `[batch, tokens, channels]`. */
    readonly layer: string;
    /** Positions are tokens, row by row. */
    readonly kind: "tokens";
    /** Whether the first token is not a position but the class token. */
    readonly classToken: boolean;
    /** Rows and columns of the positions. */
    readonly grid: readonly [number, number];
  };
