import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { DataError } from "./data_error.ts";
import { fingerprint } from "./fingerprint.ts";
import type { FolderListing, ListedImages } from "./folder_listing.ts";
import type { FundusOptions } from "./fundus_options.ts";
import { checkFundus } from "./fundus_preparation.ts";
import type { TableChoice } from "./grade_tables.ts";
import { type ImageFiles, listImages, type TrainingData } from "./image_files.ts";
import type { ImageSet } from "./image_set.ts";
import { listFolderSplits } from "./list_folder_splits.ts";
import { type FolderSet, folderSet, joinSizes } from "./read_listing.ts";
import { splitStratified } from "./split_stratified.ts";

/** Options of {@linkcode streamFolder}. */
export interface StreamFolderOptions extends TableChoice {
  /** Height and width that images are brought to when they are read. */
  readonly imageSize: number;
  /** Share of each class that goes into validation, where the folder has none. @default {0.2} */
  readonly valFraction?: number;
  /** Seed of the cut. @default {0} */
  readonly seed?: number;
  /** What is done to each photograph when it is read; see `loadData()`. @default {nothing} */
  readonly fundus?: FundusOptions;
}

const OPTIONS = ["imageSize", "valFraction", "seed", "table", "columns", "fundus"];

/**
 * A folder as `loadData()` takes it, class folders, splits of them, or a CSV file of grades with its
 * images, for training on more images than memory holds: those of `train` stay in their files, and
 * `fit()` reads each when a batch needs it, best with `dataWorkers`. `val` and `test` are read at
 * once. An image that cannot be read ends the training that comes to it, with its name. The
 * fingerprint is taken of the names, labels and file sizes of `train`, not of its pixels, and copies of
 * an image in both splits are not looked for.
 *
 * @throws {DataError} as `loadData()`, for no image for one of the splits, or one of validation that
 * is no whole image
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { DataError, streamFolder } from "@qsight/qsight/data";
 * await assert.rejects(streamFolder("notebooks", { imageSize: 224 }), DataError);
 * ```
 */
export async function streamFolder(
  folder: string,
  options: StreamFolderOptions,
): Promise<TrainingData> {
  checkOptions("streamFolder()", options, OPTIONS);
  checkOptions("streamFolder(): columns", options.columns, ["image", "label", "patient"]);
  const { imageSize, fundus } = options;
  checkFundus("streamFolder()", fundus);
  const listing = await listFolderSplits(folder, options);
  const { classes, ignored, notes } = listing, name = basename(resolve(folder));
  const cut = listing.val === undefined
    ? cutListed(folder, listing.train, options)
    : { train: listing.train, val: listing.val };
  const { paths: ids, labels, groups } = cut.train;
  const files = await listImages(folder, { imageSize, ids, labels, classes, groups, fundus });
  const train = { ...files, name: `${name}/train` };
  const parts: FolderSet[] = [];
  const read = async (listed: ListedImages, split: string): Promise<ImageSet> => {
    const part = await folderSet(folder, { ...listed, classes, imageSize, fundus });
    parts.push(part);
    return { ...part.set, name: `${name}/${split}` };
  };
  const val = await read(cut.val, "val");
  const test = listing.test && await read(listing.test, "test");
  return {
    ...{ train, val, ...(test && { test }), classes, synthetic: false },
    fingerprint: await namesFingerprint(train, val),
    ...(fundus && { fundus }),
    report: {
      ignored: [...ignored],
      notes: [...notes, "The training images stay in their files."],
      sizes: joinSizes(parts.map((part) => part.sizes)),
    },
  };
}

function cutListed(
  folder: string,
  listed: ListedImages,
  { valFraction, seed }: StreamFolderOptions,
): Pick<Required<FolderListing>, "train" | "val"> {
  const { labels, groups } = listed;
  const cut = splitStratified(Int32Array.from(labels), {
    ...{ valFraction, seed },
    ...(groups && { groups }),
  });
  if (cut.train.length > 0 && cut.val.length > 0) {
    return { train: selected(listed, cut.train), val: selected(listed, cut.val) };
  }
  throw new DataError(
    `${folder}: found ${cut.train.length} images for training and ${cut.val.length} for ` +
      "validation, wanted at least one in each. Add images, so that a class has two or more.",
    { path: folder },
  );
}

/** Chosen images of a list, in the order given. */
function selected(
  { paths, labels, groups }: ListedImages,
  indices: readonly number[],
): ListedImages {
  return {
    paths: indices.map((i) => paths[i]),
    labels: indices.map((i) => labels[i]),
    ...(groups && { groups: indices.map((i) => groups[i]) }),
  };
}

async function namesFingerprint(train: ImageFiles, val: ImageSet): Promise<string> {
  const { folder, ids, labels, classes, width, fundus } = train;
  const hash = createHash("sha256").update(fingerprint({ val }));
  hash.update(JSON.stringify({ ids, labels: Array.from(labels), classes, width, fundus }));
  for (const id of ids) hash.update(`${(await stat(join(folder, id))).size}/`);
  return hash.digest("hex");
}
