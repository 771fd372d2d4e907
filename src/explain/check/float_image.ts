/** An image as the model takes it: after resizing and preprocessing, any scale. */
export interface FloatImage {
  /** `height * width * channels` numbers, channels innermost. */
  readonly data: Float32Array;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Numbers a pixel. */
  readonly channels: number;
}

/**
 * The probability of the explained class for each of several images, each of
 * `height * width * channels` numbers in the scale that the model takes.
 */
export type ScoreImages = (
  images: readonly Float32Array[],
) => ArrayLike<number> | Promise<ArrayLike<number>>;

/** Throws when an image and its map do not belong together, or have no order. */
export function checkImageAndMap(where: string, image: FloatImage, map: ArrayLike<number>): void {
  const { data, height, width, channels } = image;
  if (data.length !== height * width * channels) {
    throw new RangeError(
      `${where}: found ${data.length} numbers for an image of ${height} x ${width} x ${channels}. ` +
        `Pass height * width * channels of them`,
    );
  }
  if (map.length !== height * width) {
    throw new RangeError(
      `${where}: found a map of ${map.length} numbers for an image of ${height} x ${width}, wanted ` +
        `one for each pixel. Resize it with resizeMap()`,
    );
  }
  for (let i = 0; i < map.length; i++) {
    if (Number.isFinite(map[i])) continue;
    throw new RangeError(
      `${where}: found ${map[i]} in the map at ${i}, wanted finite numbers. ` +
        `Leave out maps whose status is not "ok"`,
    );
  }
}

/** The scores of images, held to one finite number for each. */
export async function scoreAll(
  where: string,
  images: readonly Float32Array[],
  score: ScoreImages,
): Promise<number[]> {
  const scores = Array.from(await score(images));
  if (scores.length !== images.length || !scores.every(Number.isFinite)) {
    const bad = scores.find((value) => !Number.isFinite(value));
    throw new RangeError(
      `${where}: score() returned ${scores.length} numbers for ${images.length} images` +
        (bad === undefined ? "" : `, one of them ${bad}`) +
        `. Return one probability for each`,
    );
  }
  return scores;
}

/** The mean of each channel. */
export function channelMeans({ data, channels }: FloatImage): Float64Array {
  const means = new Float64Array(channels);
  for (let i = 0; i < data.length; i++) means[i % channels] += data[i];
  return means.map((sum) => sum / (data.length / channels));
}
