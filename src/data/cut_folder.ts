import { basename, resolve } from "node:path";
import { cutSet, dataSplits } from "./data_splits.ts";
import type { FundusOptions } from "./fundus_options.ts";
import type { TableChoice } from "./grade_tables.ts";
import type { DataReport, DataSplits, ImageSet } from "./image_set.ts";
import { type OnUnreadable, readImages } from "./read_images.ts";
import type { SplitStratifiedOptions } from "./split_stratified.ts";

/** Options of the folder loaders. */
export interface FolderOptions extends Omit<SplitStratifiedOptions, "groups">, TableChoice {
  /** Height and width in pixels. */
  readonly imageSize: number;
  readonly onUnreadable?: OnUnreadable;
  readonly fundus?: FundusOptions;
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

/** A set and what was noticed while its files were read. */
export interface FolderSet {
  readonly set: ImageSet;
  readonly unreadable: NonNullable<DataReport["unreadable"]>;
  readonly sizes: NonNullable<DataReport["sizes"]>;
  readonly notes: readonly string[];
}

/** Reads the images of a list into a set. */
export async function folderSet(
  folder: string,
  { paths, labels, classes, groups, imageSize, onUnreadable, fundus }:
    & Pick<LabelledFiles, "paths" | "labels" | "classes" | "groups">
    & Pick<FolderOptions, "imageSize" | "onUnreadable" | "fundus">,
): Promise<FolderSet> {
  const read = await readImages(paths, { folder, size: imageSize, onUnreadable, fundus });
  const { images, kept, unreadable, sizes } = read;
  const set: ImageSet = {
    name: basename(resolve(folder)),
    source: "folder",
    synthetic: false,
    images,
    count: kept.length,
    height: imageSize,
    width: imageSize,
    labels: Int32Array.from(kept, (i) => labels[i]),
    classes,
    ids: kept.map((i) => paths[i]),
    ...(groups && { groups: kept.map((i) => groups[i]) }),
  };
  const [first] = unreadable;
  const notes = first === undefined
    ? []
    : [`${unreadable.length} images could not be read and are left out, e.g. ${first.path}.`];
  return { set, unreadable, sizes, notes };
}

/** Sizes of several lists in one, the most frequent first. */
export function joinSizes(lists: readonly FolderSet["sizes"][]): FolderSet["sizes"] {
  const joined: { width: number; height: number; count: number }[] = [];
  for (const size of lists.flat()) {
    const known = joined.find((one) => one.width === size.width && one.height === size.height);
    if (known) known.count += size.count;
    else joined.push({ ...size });
  }
  return joined.sort((a, b) => b.count - a.count);
}

/** Reads the images of a list and cuts them into training and validation. */
export async function cutFolder(
  folder: string,
  files: LabelledFiles,
  options: FolderOptions,
): Promise<DataSplits> {
  const { ignored } = files, { valFraction, seed } = options;
  const { set, unreadable, sizes, notes } = await folderSet(folder, { ...files, ...options });
  const cut = cutSet(set, { valFraction, seed });
  return dataSplits(cut, {
    ignored,
    unreadable,
    sizes,
    notes: [...files.notes, ...notes, ...cut.notes],
    path: folder,
  });
}
