import { channelStatistics } from "../channel_statistics.ts";
import type { NamedSet, SplitStatistics } from "./data_check.ts";

/** Parts of [0, 1] that brightness is counted in. */
const BINS = 32;

/** The images of a split in numbers; those of an empty one are 0. */
export function splitStatistics([split, set]: NamedSet): SplitStatistics {
  const { count, labels, classes, groups } = set;
  const brightness = imageBrightness([split, set]);
  const mean = brightness.reduce((a, b) => a + b, 0) / (count || 1);
  const variance = brightness.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count || 1);
  const histogram = new Array<number>(BINS).fill(0);
  for (const one of brightness) histogram[Math.min(BINS - 1, Math.floor(one * BINS))]++;
  const channels = count === 0
    ? { mean: [0, 0, 0], sd: [0, 0, 0] } as const
    : channelStatistics(set);
  return {
    split,
    count,
    // Labels that are no class are another finding.
    classCounts: classes.map((_, c) => labels.reduce((n, label) => n + (label === c ? 1 : 0), 0)),
    patients: groups === undefined ? null : new Set(groups).size,
    ...channels,
    brightness: {
      mean,
      sd: Math.sqrt(variance),
      min: brightness.reduce((a, b) => Math.min(a, b), count === 0 ? 0 : 1),
      max: brightness.reduce((a, b) => Math.max(a, b), 0),
      histogram,
    },
  };
}

/** Mean grey of each image in [0, 1] (ITU-R BT.601). */
function imageBrightness([, { images, count, height, width }]: NamedSet): number[] {
  const size = height * width * 3;
  return Array.from({ length: count }, (_, n) => {
    let sum = 0;
    for (let i = n * size; i < (n + 1) * size; i += 3) {
      sum += 299 * images[i] + 587 * images[i + 1] + 114 * images[i + 2];
    }
    return sum / (1000 * 255 * height * width);
  });
}

/** Positions of images that are of one colour all over. */
export function blankImages([, { images, count, height, width }]: NamedSet): number[] {
  const size = height * width * 3;
  return Array.from({ length: count }, (_, n) => n).filter((n) => {
    const start = n * size;
    for (let i = start + 3; i < start + size; i++) if (images[i] !== images[i - 3]) return false;
    return true;
  });
}
