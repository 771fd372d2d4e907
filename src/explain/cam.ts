import type { RgbImage } from "../images/rgb_image.ts";
import { extent } from "./extent.ts";

/** Whether a map says something: `"ok"`, or why it does not. */
export type CamStatus = "ok" | "zero" | "nonfinite" | "no_gradient";

/** A class activation map of one image: plain arrays, nothing to dispose. */
export interface Cam {
  /** `height * width` numbers from 0 to 1, scaled for this image alone; all 0 unless "ok". */
  readonly map: Float32Array;
  /** Rows of the image, and of the map. */
  readonly height: number;
  /** Columns of the image, and of the map. */
  readonly width: number;
  /** The weighted sum over channels, signed and unscaled, on the grid of the layer. */
  readonly raw: Float32Array;
  /** Size of `raw`; 0 by 0 where there is no layer or no gradient. */
  readonly grid: { readonly height: number; readonly width: number };
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

/** A weighted sum over channels, and what is known of how it came about. */
export interface RawMap {
  readonly raw: Float32Array;
  readonly grid: { readonly height: number; readonly width: number };
  /** Weight of each channel: the gradient's mean over all positions. */
  readonly weights: Float32Array;
  readonly scores: Float32Array;
}

/** What a raw map amounts to. */
export interface Verdict {
  readonly status: CamStatus;
  readonly diagnosis: string;
}

/** Spread of a map, relative to its highest value, below which it points nowhere. */
const FLAT = 1e-6;

/** Says whether a raw map points anywhere, and if not, why. `layer` and `goal` are for the text. */
export function judgeRawMap(
  { raw, weights, scores }: RawMap,
  { layer, goal }: { readonly layer: string; readonly goal: string },
): Verdict {
  if (!scores.every(Number.isFinite)) {
    return {
      status: "nonfinite",
      diagnosis: "the scores are NaN or infinite; look at the weights",
    };
  }
  if (!raw.every(Number.isFinite) || !weights.every(Number.isFinite)) {
    const diagnosis = `activations or gradients of layer "${layer}" are NaN or infinite`;
    return { status: "nonfinite", diagnosis };
  }
  if (weights.every((weight) => weight === 0)) {
    const diagnosis = `the gradient of ${goal} is 0 over the whole of layer "${layer}"`;
    return { status: "zero", diagnosis };
  }
  if (weights.every((weight) => weight <= 0)) {
    const diagnosis = `all channel weights of layer "${layer}" are 0 or below: ` +
      `nothing in it speaks for ${goal}`;
    return { status: "zero", diagnosis };
  }
  const [low, high] = extent(raw);
  if (high <= 0) {
    const diagnosis =
      `no position of layer "${layer}" speaks for ${goal}: the map is nowhere above 0`;
    return { status: "zero", diagnosis };
  }
  if (high - Math.max(low, 0) <= FLAT * high) {
    const diagnosis = `the map of layer "${layer}" has the same value everywhere`;
    return { status: "zero", diagnosis };
  }
  return { status: "ok", diagnosis: "" };
}
