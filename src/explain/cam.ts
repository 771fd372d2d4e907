import type { RgbImage } from "../images/rgb_image.ts";
import { extent } from "./extent.ts";

/** Whether a map says something: `"ok"`, or why it does not. */
export type CamStatus = "ok" | "zero" | "nonfinite" | "no_gradient" | "wrong_shape";

/** How a map is made; see {@linkcode explain} for the sources. */
export type ExplainMethod =
  | "gradcam"
  | "hirescam"
  | "gradcam++"
  | "layercam"
  | "scorecam"
  | "eigencam"
  | "integrated_gradients"
  | "smooth_grad"
  | "occlusion"
  | "random";

/** A class activation map of one image: plain arrays, nothing to dispose. */
export interface Cam {
  /** `height * width` numbers from 0 to 1, scaled for this image alone; all 0 unless "ok". */
  readonly map: Float32Array;
  /** Rows of the image, and of the map. */
  readonly height: number;
  /** Columns of the image, and of the map. */
  readonly width: number;
  /** What the method computed, signed and unscaled, on the grid of the layer or of the input. */
  readonly raw: Float32Array;
  /** Size of `raw`; 0 by 0 where there is no layer or no gradient. */
  readonly grid: { readonly height: number; readonly width: number };
  /** The value of `raw`, enlarged, that `map` shows as 1; compares images and epochs. 0 for a blank. */
  readonly peak: number;
  /** How the map was made. */
  readonly method: ExplainMethod;
  /**
   * How the gradient was taken: "backpropagation", and what layers on the way say of themselves,
   * such as "adjoint" for a quantum circuit. Empty where the method needs none.
   */
  readonly gradients: readonly string[];
  /** "ok", or the kind of blank. */
  readonly status: CamStatus;
  /** Why the status is not "ok"; empty when it is. */
  readonly diagnosis: string;
  /** The layer explained, by path; empty when no layer fits. */
  readonly layer: string;
  /** The output layer explained. */
  readonly head: string;
  /** The class explained, -1 when the target was a function. */
  readonly target: number;
  /** The class with the highest score, -1 when no score is finite. */
  readonly predicted: number;
  /** The true class if it was given. */
  readonly label: number | null;
  /** Scores of the head: logits wherever they can be reached. */
  readonly scores: Float32Array;
  /** Of what the gradient was taken. Probabilities of a confident model have none to speak of. */
  readonly scoreKind: "logits" | "probabilities";
  /** The image as it was given, before resizing and preprocessing. */
  readonly image: RgbImage;
}

/** What a method computed for one image, and what is known of how it came about. */
export interface RawMap {
  readonly raw: Float32Array;
  readonly grid: { readonly height: number; readonly width: number };
  /** Weight of each channel, where the method has such. */
  readonly weights?: Float32Array;
  /** False when the gradient is 0 all over. @default {true} */
  readonly reached?: boolean;
}

/** What a raw map amounts to. */
export interface Verdict {
  readonly status: CamStatus;
  readonly diagnosis: string;
}

/** Spread of a map, relative to its highest value, below which it points nowhere. */
const FLAT = 1e-6;

/**
 * Says whether a raw map points anywhere, and if not, why. `place` ("layer \"conv\"") and `goal`
 * are for the text.
 */
export function judgeRawMap(
  { raw, grid, weights, reached = true }: RawMap,
  { scores, place, goal }: {
    readonly scores: Float32Array;
    readonly place: string;
    readonly goal: string;
  },
): Verdict {
  const zero = (diagnosis: string): Verdict => ({ status: "zero", diagnosis });
  if (!scores.every(Number.isFinite)) {
    const diagnosis = "the scores are NaN or infinite; look at the weights";
    return { status: "nonfinite", diagnosis };
  }
  if (!raw.every(Number.isFinite) || weights?.every(Number.isFinite) === false) {
    const diagnosis = `activations or gradients of ${place} are NaN or infinite`;
    return { status: "nonfinite", diagnosis };
  }
  if (grid.height * grid.width === 1) {
    const diagnosis =
      `the output of ${place} is 1x1, so nothing is left of where; choose a layer ` +
      `before, or larger images`;
    return { status: "wrong_shape", diagnosis };
  }
  if (!reached) return zero(`the gradient of ${goal} is 0 over the whole of ${place}`);
  if (weights?.every((weight) => weight <= 0)) {
    return zero(
      `all channel weights of ${place} are 0 or below: nothing in it speaks for ${goal}`,
    );
  }
  const [low, high] = extent(raw);
  if (high <= 0) {
    return zero(`no position of ${place} speaks for ${goal}: the map is nowhere above 0`);
  }
  if (high - Math.max(low, 0) <= FLAT * high) {
    return zero(`the map of ${place} has the same value everywhere`);
  }
  return { status: "ok", diagnosis: "" };
}
