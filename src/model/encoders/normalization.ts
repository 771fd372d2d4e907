import { unknownName } from "../../_internal/check_options.ts";

/** `(image - mean) / sd` for images in [0, 1], by channel. */
export interface ChannelStatistics {
  /** Mean of each channel, red, green, blue. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel, above 0. */
  readonly sd: readonly number[];
}

/**
 * Usual ranges that image models are trained on: `unit` is [0, 1] (nothing is done), `symmetric`
 * [-1, 1], `bytes` [0, 255], `imagenet` the mean and standard deviation of ImageNet.
 */
export type NormalizationName = "unit" | "symmetric" | "bytes" | "imagenet";

/** What is done to images in [0, 1] before an encoder. */
export type Normalization = ChannelStatistics | NormalizationName;

const same = (mean: number, sd: number): ChannelStatistics => ({
  mean: [mean, mean, mean],
  sd: [sd, sd, sd],
});

const NAMED: Readonly<Record<NormalizationName, ChannelStatistics>> = {
  unit: same(0, 1),
  symmetric: same(0.5, 0.5),
  bytes: same(0, 1 / 255),
  imagenet: { mean: [0.485, 0.456, 0.406], sd: [0.229, 0.224, 0.225] },
};

/**
 * The statistics behind an option; by default those of nothing in particular.
 *
 * @throws {TypeError} for an unknown name
 */
export function statisticsOf(normalization: Normalization = same(0.5, 0.25)): ChannelStatistics {
  if (typeof normalization !== "string") return normalization;
  if (Object.hasOwn(NAMED, normalization)) return NAMED[normalization];
  throw new TypeError(
    unknownName("hybridModel", "normalization", normalization, Object.keys(NAMED)) +
      `, or { mean, sd } of each channel`,
  );
}
