import { hash32 } from "../../_internal/hash32.ts";
import { resizeMap } from "../../images/resize_map.ts";
import type { Tf } from "../../tensors/tf.ts";
import type { Pixels } from "../image_batch.ts";
import { randomMap } from "../methods/random_map.ts";
import { scaleMap } from "../scale_map.ts";
import { confidenceChange } from "./confidence_change.ts";
import { deletionCurve, insertionCurve } from "./deletion_insertion.ts";
import type { ExplainedImage, ExplainerOptions } from "./explainer.ts";
import type { FloatImage, ScoreImages } from "./float_image.ts";
import { energyInMask, pointingGame } from "./localization.ts";
import { modelInput, modelScore, type ScoredModel } from "./model_score.ts";
import { road } from "./road.ts";

/** Measures of one map on one image. */
export interface ImageMeasures {
  readonly deletion: number;
  readonly insertion: number;
  readonly road: number;
  readonly averageDrop: number;
  /** 1 when the confidence rose. */
  readonly increase: number;
  /** 1 for a hit; null without a mask. */
  readonly pointing: number | null;
  readonly energy: number | null;
}

/** A map and a random one of the same grid, measured on the same image. */
export interface MeasuredImage {
  readonly map: ImageMeasures;
  readonly random: ImageMeasures;
  /** Area share of the mask; null without one. */
  readonly chance: number | null;
}

/** One explained image. */
export interface MeasuredSubject {
  readonly pixels: Pixels;
  readonly cam: ExplainedImage;
  readonly mask: ArrayLike<number> | null;
  /** Which image of those given, for the random map. */
  readonly index: number;
}

/** Measures one map, whose status must be "ok", against a random one. */
export async function measureImage(
  tf: Tf,
  { pixels, cam, mask, index }: MeasuredSubject,
  { model, preprocess, seed }: {
    readonly model: ScoredModel;
    readonly preprocess?: ExplainerOptions["preprocess"];
    readonly seed: number;
  },
): Promise<MeasuredImage> {
  const image = await modelInput(tf, pixels, { model: model.model, preprocess });
  const score = modelScore(tf, model, { size: image, explained: cam });
  // Its own seed: the method "random" would otherwise be compared with itself.
  const noise = randomMap(cam.grid, { seed: hash32(`check/${seed}`), image: index });
  const random = scaleMap(noise, { height: cam.height, width: cam.width }).map;
  const [map, blind] = [cam.map, random].map((map) => ({
    atInput: resizeMap({ ...sizeOf(cam), map }, sizeOf(image)).map,
    inMask: localization({ ...sizeOf(cam), map }, mask),
  }));
  // Where the map is 0 throughout, pixels leave in blobs as those of the random map do: pixels
  // that leave one by one are easily filled in, and the map would look better than it is.
  const options = { score, seed, ties: blind.atInput };
  return {
    map: { ...await perturbed(image, map.atInput, options), ...map.inMask },
    random: { ...await perturbed(image, blind.atInput, options), ...blind.inMask },
    chance: mask === null ? null : pointingGame(cam, mask)?.chance ?? null,
  };
}

function sizeOf({ height, width }: { readonly height: number; readonly width: number }) {
  return { height, width };
}

function localization(
  map: Pick<ExplainedImage, "map" | "height" | "width">,
  mask: ArrayLike<number> | null,
): Pick<ImageMeasures, "pointing" | "energy"> {
  const pointing = mask === null ? null : pointingGame(map, mask);
  return {
    pointing: pointing === null ? null : Number(pointing.hit),
    energy: mask === null ? null : energyInMask(map, mask)?.share ?? null,
  };
}

async function perturbed(
  image: FloatImage,
  map: Float32Array,
  { score, seed, ties }: {
    readonly score: ScoreImages;
    readonly seed: number;
    readonly ties: Float32Array;
  },
): Promise<Omit<ImageMeasures, "pointing" | "energy">> {
  const change = await confidenceChange(image, map, { score });
  return {
    deletion: (await deletionCurve(image, map, { score, ties })).auc,
    insertion: (await insertionCurve(image, map, { score, ties })).auc,
    road: (await road(image, map, { score, seed, ties })).combined,
    averageDrop: change.drop,
    increase: Number(change.increased),
  };
}
