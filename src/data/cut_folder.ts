import { basename, resolve } from "node:path";
import { cutSet, dataSplits } from "./data_splits.ts";
import type { DataReport, DataSplits, ImageSet } from "./image_set.ts";
import { readImages } from "./read_images.ts";
import type { SplitStratifiedOptions } from "./split_stratified.ts";

/** Options of the folder loaders. */
export interface FolderOptions extends Omit<SplitStratifiedOptions, "groups"> {
  /** Height and width in pixels. */
  readonly imageSize: number;
}

/** Image files with their labels. */
export interface LabelledFiles extends DataReport {
  /** Relative to the folder. */
  readonly paths: readonly string[];
  readonly labels: readonly number[];
  readonly classes: readonly string[];
  /** Patient of each image where that is known. */
  readonly groups?: readonly string[];
}

/** Reads the images of a list into a set. */
export async function folderSet(
  folder: string,
  { paths, labels, classes, imageSize }:
    & Pick<LabelledFiles, "paths" | "labels" | "classes">
    & Pick<FolderOptions, "imageSize">,
): Promise<ImageSet> {
  return {
    name: basename(resolve(folder)),
    source: "folder",
    synthetic: false,
    images: await readImages(paths, { folder, size: imageSize }),
    count: paths.length,
    height: imageSize,
    width: imageSize,
    labels: Int32Array.from(labels),
    classes,
    ids: paths,
  };
}

/** Reads the images of a list and cuts them into training and validation. */
export async function cutFolder(
  folder: string,
  files: LabelledFiles,
  { imageSize, valFraction, seed }: FolderOptions,
): Promise<DataSplits> {
  const { groups, ignored, notes } = files;
  const set = await folderSet(folder, { ...files, imageSize });
  const cut = cutSet(set, { valFraction, seed, groups });
  return dataSplits(cut, { ignored, notes: [...notes, ...cut.notes], path: folder });
}
