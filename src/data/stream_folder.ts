import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { folderSet } from "./cut_folder.ts";
import { DataError } from "./data_error.ts";
import { fingerprint } from "./fingerprint.ts";
import { type ImageFiles, listImages, type TrainingData } from "./image_files.ts";
import type { ImageSet } from "./image_set.ts";
import { splitStratified } from "./split_stratified.ts";

/** Options of {@linkcode streamFolder}. */
export interface StreamFolderOptions {
  /** Height and width that images are brought to when they are read. */
  readonly imageSize: number;
  /** Share of each class that goes into validation. @default {0.2} */
  readonly valFraction?: number;
  /** Seed of the cut. @default {0} */
  readonly seed?: number;
}

/**
 * A folder of class folders as `loadData()` cuts it, for training on more images than memory holds:
 * those of `train` stay in their files, and `fit()` reads each when a batch needs it, best with
 * `dataWorkers`. `val` is read at once. The fingerprint is taken of the names, labels and file sizes of
 * `train`, not of its pixels, and copies of an image in both splits are not looked for.
 *
 * @throws {DataError} for a folder without class folders, no image for one of the splits, or one of
 * validation that is no whole image
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
  checkOptions("streamFolder()", options, ["imageSize", "valFraction", "seed"]);
  const { imageSize, valFraction, seed } = options;
  const files = await listImages(folder, { imageSize });
  const { groups, classes } = files;
  const cut = splitStratified(files.labels, { valFraction, seed, ...(groups && { groups }) });
  if (cut.train.length === 0 || cut.val.length === 0) {
    throw new DataError(
      `${folder}: found ${cut.train.length} images for training and ${cut.val.length} for ` +
        "validation, wanted at least one in each. Add images, so that a class has two or more.",
      { path: folder },
    );
  }
  const train = { ...selectFiles(files, cut.train), name: `${files.name}/train` };
  const { ids: paths, labels } = selectFiles(files, cut.val);
  const { set, sizes } = await folderSet(folder, {
    ...{ paths, labels: Array.from(labels), classes, imageSize },
  });
  const val = { ...set, name: `${files.name}/val` };
  return {
    ...{ train, val, classes, synthetic: false },
    fingerprint: await namesFingerprint(train, val),
    report: { ignored: [], notes: ["The training images stay in their files."], sizes },
  };
}

/** Chosen images of a list, in the order given. */
function selectFiles(files: ImageFiles, indices: readonly number[]): ImageFiles {
  const { ids, labels, groups } = files;
  return {
    ...files,
    count: indices.length,
    labels: Int32Array.from(indices, (i) => labels[i]),
    ids: indices.map((i) => ids[i]),
    ...(groups && { groups: indices.map((i) => groups[i]) }),
  };
}

async function namesFingerprint(train: ImageFiles, val: ImageSet): Promise<string> {
  const { folder, ids, labels, classes, width } = train;
  const hash = createHash("sha256").update(fingerprint({ val }));
  hash.update(JSON.stringify({ ids, labels: Array.from(labels), classes, width }));
  for (const id of ids) hash.update(`${(await stat(join(folder, id))).size}/`);
  return hash.digest("hex");
}
