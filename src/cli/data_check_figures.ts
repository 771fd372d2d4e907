import { join } from "node:path";
import type { Figure } from "../_internal/figure.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";
import type { DataCheck, DuplicatePair, PairImage } from "../data/check/data_check.ts";
import { imageAt } from "../data/image_at.ts";
import type { DataSplits } from "../data/image_set.ts";
import { plotBrightness } from "../plots/plot_brightness.ts";
import { plotClassCounts } from "../plots/plot_class_counts.ts";
import { plotImages } from "../plots/plot_images.ts";

/** Pairs on the sheet of duplicates. */
const SHOWN = 16;

/**
 * Draws a check into a folder: `class_counts`, `brightness`, and `duplicates` where there are any, each
 * as SVG, PNG and JSON.
 *
 * @returns the file names
 */
export async function saveCheckFigures(
  folder: string,
  { check, data }: { readonly check: DataCheck; readonly data: DataSplits },
): Promise<string[]> {
  const { splits, classes, duplicates, name, synthetic } = check;
  const of = (what: string) => `${what}: ${name}${synthetic ? ", synthetic" : ""}`;
  const figures: Record<string, Figure> = {
    class_counts: plotClassCounts(
      splits.map(({ split, classCounts }) => ({ split, counts: classCounts })),
      { labels: classes, title: of("Images by class") },
    ),
    brightness: plotBrightness(
      splits.map(({ split, brightness: { histogram, mean, sd } }) => ({
        ...{ split, histogram, mean, sd },
      })),
      { title: of("Brightness of the images") },
    ),
    ...duplicates.length > 0 && {
      duplicates: drawPairs(duplicates.slice(0, SHOWN), { data, title: of("Duplicates") }),
    },
  };
  for (const [file, { name, width, height, text, data, svg, png }] of Object.entries(figures)) {
    const json = { schema: "qsight.figure/1", name, width, height, text, synthetic, data };
    await writeAtomic(join(folder, `${file}.json`), `${JSON.stringify(json, null, 2)}\n`);
    await writeAtomic(join(folder, `${file}.svg`), svg);
    await writeAtomic(join(folder, `${file}.png`), await png());
  }
  return Object.keys(figures).flatMap((file) => [`${file}.json`, `${file}.svg`, `${file}.png`]);
}

/** Each pair beside each other, with its names and how near it is. */
function drawPairs(
  pairs: readonly DuplicatePair[],
  { data, title }: { readonly data: DataSplits; readonly title: string },
): Figure {
  const pixels = ({ split, index }: PairImage) => imageAt(data[split]!, index);
  const name = ({ id, split }: PairImage) => `${id} (${split})`;
  return plotImages(pairs.flatMap(({ a, b }) => [pixels(a), pixels(b)]), {
    titles: pairs.flatMap(({ a, b, kind, distance }) => [
      name(a),
      `${name(b)} ${kind === "exact" ? "the same" : `${distance} bits apart`}`,
    ]),
    columns: 4,
    title,
  });
}
