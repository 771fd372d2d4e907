import { DataError } from "./data_error.ts";
import { fingerprint, imageHashes } from "./fingerprint.ts";
import type { DataReport, DataSplits, ImageSet } from "./image_set.ts";
import { classCounts } from "./image_set.ts";
import { selectImages } from "./select_images.ts";
import { splitStratified, type SplitStratifiedOptions } from "./split_stratified.ts";

/** What a loader says besides the sets. */
interface SplitsReport extends Partial<DataReport> {
  /** File or folder, for messages. @default {name of the set} */
  readonly path?: string;
}

/**
 * Puts finished sets together and takes their fingerprint.
 *
 * @throws {DataError} when training or validation has no image: every figure would be undefined
 */
export function dataSplits(
  sets: { readonly train: ImageSet; readonly val: ImageSet; readonly test?: ImageSet },
  report: SplitsReport = {},
): DataSplits {
  const { train, val, test } = sets;
  const path = report.path ?? train.name.replace(/\/train$/, "");
  if (train.count === 0 || val.count === 0) throw emptySplit(path, sets);
  return {
    train,
    val,
    ...(test && { test }),
    classes: train.classes,
    synthetic: train.synthetic,
    fingerprint: fingerprint({ train, val, test }),
    report: {
      ignored: report.ignored ?? [],
      notes: [...report.notes ?? [], ...leakNotes(sets)],
      ...(report.unreadable && { unreadable: report.unreadable }),
      ...(report.sizes && { sizes: report.sizes }),
    },
  };
}

/** A cut gives each class of two images one for validation, whatever valFraction is. */
function emptySplit(
  path: string,
  { train, val }: { readonly train: ImageSet; readonly val: ImageSet },
): DataError {
  return new DataError(
    `${path}: found ${train.count} images for training and ${val.count} for validation, wanted at ` +
      "least one in each. Add images, so that a class has two or more: a class of one image, or of " +
      "one group such as a patient, stays in training with any valFraction.",
    { path },
  );
}

/** A sentence for each split that repeats images of train: its results would be too good. */
export function leakNotes(
  { train, val, test }: Pick<DataSplits, "train" | "val" | "test">,
): string[] {
  const known = new Set(imageHashes(train));
  return Object.entries({ val, test }).flatMap(([split, set]) => {
    const shared = set ? imageHashes(set).filter((hash) => known.has(hash)).length : 0;
    return shared === 0
      ? []
      : [`${shared} of the images in ${split} are also in train, pixel by pixel.`];
  });
}

/** Cuts one set into training and validation, class by class, with each patient in one of them. */
export function cutSet(
  set: ImageSet,
  options: SplitStratifiedOptions,
): { train: ImageSet; val: ImageSet; notes: string[] } {
  const { groups = set.groups, ...others } = options;
  const { train, val } = splitStratified(set.labels, groups ? { ...others, groups } : others);
  const counts = classCounts(set);
  const inVal = new Set(val.map((i) => set.labels[i]));
  const absent = [...set.classes.keys()].filter((c) => counts[c] > 0 && !inVal.has(c));
  return {
    train: { ...selectImages(set, train), name: `${set.name}/train` },
    val: { ...selectImages(set, val), name: `${set.name}/val` },
    notes: absent.map((c) =>
      counts[c] === 1
        ? `Class "${set.classes[c]}" has one image: it is in train, none in val.`
        : `Class "${set.classes[c]}" is in train only: its ${counts[c]} images belong to groups ` +
          "that training needs."
    ),
  };
}
