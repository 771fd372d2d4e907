import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { Tensor, Tensor4D } from "../tensors/tf.ts";
import type { ExplainMethod } from "./cam.ts";
import type { CamTarget } from "./cam_target.ts";
import type { LayerChoice } from "./find_layer.ts";
import type { Baseline } from "./methods/input_gradients.ts";

/** Options of {@linkcode gradCam}, and of {@linkcode explain} with every method. */
export interface GradCamOptions {
  /**
   * The layer to explain: its name or path ("base/conv_5"), the layer itself, or with the grid of
   * its tokens as `model.cam` of a hybrid model has it.
   * @default {the last layer before the head with an output larger than 1x1; of a transformer, the last whose tokens reach the head}
   */
  readonly layer?: LayerChoice;
  /**
   * What is explained: the predicted class, one class, one class for each image (-1 for the
   * predicted one), or a function from scores `[batch, classes]` to one number an image.
   * @default {"predicted"}
   */
  readonly target?: CamTarget;
  /** Name of the output layer. @default {the first output} */
  readonly head?: string;
  /** Images computed at a time. @default {32} */
  readonly batchSize?: number;
  /**
   * From images of the model's size, bytes as 0..255, to what the model takes.
   * @default {bytes divided by 255, floats as they are}
   */
  readonly preprocess?: (batch: Tensor4D) => Tensor;
  /** True classes, kept in the result and not used. @default {none} */
  readonly labels?: ArrayLike<number>;
}

/** Options of {@linkcode explain}. */
export interface ExplainOptions extends GradCamOptions {
  /** How the maps are made. @default {"gradcam"} */
  readonly method?: ExplainMethod;
  /** Integrated gradients: steps from the baseline to the image. @default {32} */
  readonly steps?: number;
  /** Integrated gradients: black, or the mean colour of each image. @default {"black"} */
  readonly baseline?: Baseline;
  /** SmoothGrad: noisy copies of each image. @default {16} */
  readonly samples?: number;
  /** SmoothGrad: standard deviation of the noise as a share of the image's range. @default {0.15} */
  readonly noise?: number;
  /** Occlusion: side of the patch in pixels of the model's input. @default {an eighth of the shorter side} */
  readonly patch?: number;
  /** Occlusion: pixels from one patch to the next. @default {half a patch} */
  readonly stride?: number;
  /** SmoothGrad and the random map: equal seeds give equal maps. @default {0} */
  readonly seed?: number;
}

/** What is known of a method. */
export interface MethodFacts {
  /** Options that belong to it. */
  readonly options: readonly string[];
  /** Whether it explains a layer, or else the input. */
  readonly layer: boolean;
  /** Whether it takes a gradient. */
  readonly gradient: boolean;
}

const LAYER_GRADIENT: MethodFacts = { options: [], layer: true, gradient: true };

/** Everything that differs between the methods but how they compute. */
export const METHODS: Readonly<Record<ExplainMethod, MethodFacts>> = {
  "gradcam": LAYER_GRADIENT,
  "hirescam": LAYER_GRADIENT,
  "gradcam++": LAYER_GRADIENT,
  "layercam": LAYER_GRADIENT,
  "scorecam": { options: [], layer: true, gradient: false },
  "eigencam": { options: [], layer: true, gradient: false },
  "integrated_gradients": { options: ["steps", "baseline"], layer: false, gradient: true },
  "smooth_grad": { options: ["samples", "noise", "seed"], layer: false, gradient: true },
  "occlusion": { options: ["patch", "stride"], layer: false, gradient: false },
  "random": { options: ["seed"], layer: true, gradient: false },
};

/** Every method but the random map. */
export const EXPLAIN_METHODS: readonly ExplainMethod[] = (Object.keys(METHODS) as ExplainMethod[])
  .filter((method) => method !== "random");

/** Options that every method has. */
export const CAM_OPTIONS = ["layer", "target", "head", "batchSize", "preprocess", "labels"];

/**
 * Checks names and numbers before anything is computed.
 *
 * @throws {TypeError} for an unknown option, or one of another method
 * @throws {RangeError} for an unknown method or a number out of range
 */
export function checkExplainOptions(where: string, options: ExplainOptions): void {
  const { method = "gradcam" } = options;
  if (!Object.hasOwn(METHODS, method)) {
    throw new RangeError(unknownName(where, "method", String(method), Object.keys(METHODS)));
  }
  // A sweep over methods may carry the seed along.
  const own = [...METHODS[method].options, "seed"];
  for (const [other, { options: names }] of Object.entries(METHODS)) {
    const alien = names.find((name) => Object.hasOwn(options, name) && !own.includes(name));
    if (alien === undefined) continue;
    throw new TypeError(
      `${where}: option "${alien}" belongs to method "${other}", found method "${method}". ` +
        `Leave it out, or choose method: "${other}"`,
    );
  }
  checkOptions(where, options, [...CAM_OPTIONS, "method", ...own]);
  for (const name of ["batchSize", "steps", "samples", "patch", "stride"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    throw new RangeError(
      `${where}: ${name} must be a positive whole number, found ${value}. Pass e.g. { ${name}: 8 }`,
    );
  }
  const { noise, baseline } = options;
  if (noise !== undefined && !(noise > 0 && noise <= 1)) {
    throw new RangeError(
      `${where}: noise must be a share of the image's range above 0 and up to 1, found ${noise}. ` +
        `Pass e.g. { noise: 0.15 }`,
    );
  }
  if (baseline !== undefined && baseline !== "black" && baseline !== "mean") {
    throw new RangeError(unknownName(where, "baseline", String(baseline), ["black", "mean"]));
  }
}
