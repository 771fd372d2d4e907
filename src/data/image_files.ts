import { basename, resolve } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { type Ignored, listFolder, readClassFolders } from "./class_folders.ts";
import { DataError } from "./data_error.ts";
import type { DataSplits, ImageSet } from "./image_set.ts";
import type { FundusOptions } from "./fundus_options.ts";
import { checkFundus } from "./fundus_preparation.ts";
import { patientsOf } from "./patients.ts";

/**
 * Labelled images that stay in their files until a batch needs them: a set without its pixels. What
 * reads them is `openBatches()`, and `fit()` for its training split.
 */
export interface ImageFiles extends Omit<ImageSet, "images" | "masks"> {
  /** Always `"folder"`. */
  readonly source: "folder";
  /** Where the files are; each id is a path in it. */
  readonly folder: string;
  /** What is done to each photograph when it is read. */
  readonly fundus?: FundusOptions;
}

/** The sets of one task, the images of `train` perhaps still in their files. */
export interface TrainingData extends Omit<DataSplits, "train"> {
  /** For fitting weights. */
  readonly train: ImageSet | ImageFiles;
}

/** Options of {@linkcode listImages}. */
export interface ListImagesOptions {
  /** Height and width that images are brought to when they are read. */
  readonly imageSize: number;
  /** Paths in the folder, e.g. the ids of a split; with `labels` and `classes`. @default the images of its class folders */
  readonly ids?: readonly string[];
  /** Class index of each image. */
  readonly labels?: ArrayLike<number>;
  /** Class names. @default the names of the class folders */
  readonly classes?: readonly string[];
  /** Patient of each image that is given. */
  readonly groups?: readonly string[];
  /** What is done to each photograph when it is read; see `loadData()`. @default {nothing} */
  readonly fundus?: FundusOptions;
}

/**
 * Lists the images of a folder without reading any: those of its class folders, numbered in natural
 * order of their names as by `loadData()`, or those that are given.
 *
 * @throws {DataError} for a folder without class folders, or a class without images
 * @throws {RangeError} for an image size below 1, and labels that are not those of the ids or classes
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listImages } from "@qsight/qsight/data";
 * const files = await listImages("fundus", {
 *   imageSize: 224,
 *   ...{ ids: ["a.png", "b.png"], labels: [0, 1], classes: ["healthy", "ill"] },
 * });
 * assert.deepEqual([files.count, files.width], [2, 224]);
 * ```
 */
export async function listImages(folder: string, options: ListImagesOptions): Promise<ImageFiles> {
  const known = ["imageSize", "ids", "labels", "classes", "groups", "fundus"];
  checkOptions("listImages()", options, known);
  const { imageSize, fundus } = options;
  checkFundus("listImages()", fundus);
  if (!Number.isInteger(imageSize) || imageSize < 1) {
    throw new RangeError(
      `listImages(): found imageSize ${imageSize}, wanted a whole number from 1. Pass e.g. 224.`,
    );
  }
  const { ids, labels, classes, groups } = options.ids === undefined
    ? await inClassFolders(folder)
    : given(options);
  return {
    name: basename(resolve(folder)),
    source: "folder",
    synthetic: false,
    folder,
    count: ids.length,
    ...{ height: imageSize, width: imageSize, labels: Int32Array.from(labels), classes, ids },
    ...(groups && { groups }),
    ...(fundus && { fundus }),
  };
}

type Listed = Pick<ImageFiles, "ids" | "classes" | "groups"> & { labels: ArrayLike<number> };

async function inClassFolders(folder: string): Promise<Listed> {
  const ignored: Ignored = [];
  const { folders: classes } = await listFolder(folder, { ignored, inside: "" });
  if (classes.length < 2) {
    throw new DataError(
      `${folder}: found ${classes.length} folders, wanted at least two, one a class. Sort the images ` +
        "into folders like 0_no_dr and 1_mild, or pass ids, labels and classes.",
      { path: folder },
    );
  }
  const { paths, labels } = await readClassFolders(folder, { classes, ignored, inside: "" });
  return { ids: paths, labels, classes, groups: patientsOf(paths) };
}

function given({ ids = [], labels = [], classes = [], groups }: ListImagesOptions): Listed {
  const known = Array.from(labels).every((label) => classes[label] !== undefined);
  const whole = labels.length === ids.length && (groups?.length ?? ids.length) === ids.length;
  if (whole && ids.length > 0 && known) return { ids, labels, classes, groups };
  throw new RangeError(
    `listImages(): found ${ids.length} ids, ${labels.length} labels, ${classes.length} classes and ` +
      `${groups?.length ?? "no"} groups, wanted one label an id, each a position in classes, and ` +
      "one group an id or none. Pass them all.",
  );
}

/** Whether the pixels of a set are still in files. */
export function isImageFiles(set: ImageSet | ImageFiles): set is ImageFiles {
  return !("images" in set);
}
