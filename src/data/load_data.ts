import { checkOptions } from "../_internal/check_options.ts";
import { cutSet, dataSplits } from "./data_splits.ts";
import { DataError } from "./data_error.ts";
import type { DataSplits } from "./image_set.ts";
import { syntheticFundus } from "./synthetic_fundus.ts";

/** Options of {@linkcode loadData}. */
export interface LoadDataOptions {
  /** Seed of the split, and of the pictures of `"synthetic"`. @default {0} */
  readonly seed?: number;
  /** Height and width that folders are resized to and synthetic pictures are drawn at. @default {64} */
  readonly imageSize?: number;
  /** Share of each class that is kept for validation where the source has no split. @default {0.2} */
  readonly valFraction?: number;
  /** Number of pictures, training and validation together; `"synthetic"` only. @default {400} */
  readonly count?: number;
}

/** Loads a data set. */
export async function loadData(
  spec: string,
  options: LoadDataOptions = {},
): Promise<DataSplits> {
  checkOptions("loadData()", options, ["seed", "imageSize", "valFraction", "count"]);
  const { seed = 0, imageSize = 64, valFraction = 0.2, count = 400 } = options;
  if (spec === "synthetic") {
    const cut = cutSet(syntheticFundus({ count, size: imageSize, seed }), { valFraction, seed });
    return await Promise.resolve(dataSplits(cut, { notes: cut.notes }));
  }
  throw new DataError(`loadData(): found "${spec}", wanted "synthetic"`, { path: spec });
}
