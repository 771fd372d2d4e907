import { basename, resolve } from "node:path";
import { cutSet, dataSplits } from "./data_splits.ts";
import type { FolderListing, ListedImages } from "./folder_listing.ts";
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
    & ListedImages
    & Pick<FolderListing, "classes">
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

/** Reads all images of a folder; those for training are cut into two where it has none to validate. */
export async function readListing(
  folder: string,
  listing: FolderListing,
  options: FolderOptions,
): Promise<DataSplits> {
  const { classes, ignored, notes } = listing, { valFraction, seed } = options;
  const base = basename(resolve(folder)), parts: FolderSet[] = [];
  const read = async (split: "train" | "val" | "test") => {
    const listed = listing[split];
    if (listed === undefined) return undefined;
    const part = await folderSet(folder, { ...listed, ...options, classes });
    parts.push(part);
    return part.set;
  };
  const named = (set: ImageSet, split: string): ImageSet => ({ ...set, name: `${base}/${split}` });
  const train = (await read("train"))!, val = await read("val"), test = await read("test");
  const cut = val === undefined
    ? cutSet(train, { valFraction, seed })
    : { train: named(train, "train"), val: named(val, "val"), notes: [] };
  const { train: first, val: second } = cut;
  return dataSplits({ train: first, val: second, ...(test && { test: named(test, "test") }) }, {
    ignored: [...ignored],
    notes: [...notes, ...parts.flatMap((part) => part.notes), ...cut.notes],
    unreadable: parts.flatMap((part) => part.unreadable),
    sizes: joinSizes(parts.map((part) => part.sizes)),
    path: folder,
  });
}
