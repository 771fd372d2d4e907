import type { ExplainMethod, RawMap, Verdict } from "../cam.ts";
import type { ExplainOptions } from "../explain_options.ts";
import { type InputSize, type Pixels, stackImages } from "../image_batch.ts";
import { eigenCam } from "./eigen_cam.ts";
import { integratedGradients, smoothGrad } from "./input_gradients.ts";
import { layerMaps, type LayerMethod } from "./layer_maps.ts";
import { occlusion } from "./occlusion.ts";
import { randomMap } from "./random_map.ts";
import { scoreCam } from "./score_cam.ts";
import type { Captured, RawMaps, Subject } from "./subject.ts";

/** What the methods need besides the {@linkcode Subject}. */
export interface MapRequest {
  /** Undefined for methods that look at the input alone. */
  readonly layer: Captured | undefined;
  readonly options: ExplainOptions;
  /** Index of the first image. */
  readonly start: number;
  readonly size: InputSize;
  readonly images: readonly Pixels[];
}

/** The maps of a batch, or why there are none. */
export async function computeMaps(
  method: ExplainMethod,
  subject: Subject,
  request: MapRequest,
): Promise<readonly RawMap[] | Verdict> {
  const maps = await byMethod(method, subject, request);
  return typeof maps === "string" ? { status: "no_gradient", diagnosis: maps } : maps;
}

function byMethod(
  method: ExplainMethod,
  subject: Subject,
  request: MapRequest,
): Promise<RawMaps> {
  const { layer, options: { seed = 0, samples = 16, noise = 0.15 } } = request;
  switch (method) {
    case "integrated_gradients":
      return fromBlack(subject, request);
    case "smooth_grad":
      return smoothGrad(subject, { samples, noise, seed });
    case "occlusion":
      return occlusion(subject, patchOf(subject, request.options));
    case "random":
      return Promise.resolve(randomMaps(request, seed));
    case "scorecam":
      return scoreCam(subject, layer!);
    case "eigencam":
      return eigenCam(subject, layer!);
    default:
      return layerMaps(method satisfies LayerMethod, subject, layer!);
  }
}

/** Black goes through the same preprocessing as the images. */
async function fromBlack(
  subject: Subject,
  { options, size, images }: MapRequest,
): Promise<RawMaps> {
  const { steps = 32, baseline = "black", preprocess } = options;
  const { height, width, channels, data } = images[0];
  const zeros = data instanceof Uint8Array
    ? new Uint8Array(data.length)
    : new Float32Array(data.length);
  const pixels = [{ height, width, channels, data: zeros }];
  const black = subject.tf.tidy(() => stackImages(subject.tf, pixels, { size, preprocess }));
  try {
    return await integratedGradients(subject, { steps, baseline, black });
  } finally {
    black.dispose();
  }
}

function patchOf({ x }: Subject, { patch, stride }: ExplainOptions) {
  const [, height, width] = x.shape as number[];
  const side = patch ?? Math.max(1, Math.round(Math.min(height, width) / 8));
  return { patch: side, stride: stride ?? Math.max(1, Math.floor(side / 2)) };
}

function randomMaps({ layer, start, images }: MapRequest, seed: number): RawMap[] {
  const [, height, width] = layer!.activation.shape as number[];
  const grid = layer!.tokens ?? { height, width };
  const size = { height: grid.height, width: grid.width };
  return images.map((_, i) => randomMap(size, { seed, image: start + i }));
}
