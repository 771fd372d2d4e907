import { stat } from "node:fs/promises";
import { checkOptions } from "../_internal/check_options.ts";
import { LOAD_DATA_OPTIONS } from "./load_data_names.ts";
import { nearestName } from "../_internal/nearest_name.ts";
import { DataError } from "./data_error.ts";
import { cutSet, dataSplits } from "./data_splits.ts";
import { checkFundus, prepareSet } from "./fundus_preparation.ts";
import type { FundusOptions } from "./fundus_options.ts";
import type { TableColumns } from "./grade_tables.ts";
import type { DataSplits } from "./image_set.ts";
import { loadFolder } from "./load_folder.ts";
import { loadMedmnist } from "./load_medmnist.ts";
import { applySplit, loadSplit, type SavedSplit } from "./saved_split.ts";
import { syntheticFundus } from "./synthetic_fundus.ts";

/** Options of {@linkcode loadData}. */
export interface LoadDataOptions {
  /** Seed of the split, and of the images of `"synthetic"`. @default {0} */
  readonly seed?: number;
  /**
   * Height and width that folders are resized to and synthetic images are drawn at, 16 to 1024. An
   * npz file keeps its own size, padded to squares. @default {64}
   */
  readonly imageSize?: number;
  /** Share of each class that is kept for validation where the source has no split. @default {0.2} */
  readonly valFraction?: number;
  /** Number of images, training and validation together; `"synthetic"` only. @default {400} */
  readonly count?: number;
  /** CSV file inside the folder that names images and classes. @default {the one that does} */
  readonly table?: string;
  /**
   * Columns of that file, where their names are not known ones: `{ image, label, patient }`.
   * @default {those of APTOS 2019, EyePACS, IDRiD, Messidor-2 and the usual ones}
   */
  readonly columns?: TableColumns;
  /**
   * What becomes of image files that cannot be decoded: an error, or they are left out and reported
   * under `report.unreadable`. @default {"error"}
   */
  readonly onUnreadable?: "error" | "skip";
  /**
   * A file of `saveSplit()`, e.g. the `split.json` of a run, or what `splitOf()` returned: each image
   * goes into the split where it was then. @default {the splits of the source, or a new cut}
   */
  readonly split?: string | SavedSplit;
  /**
   * What is done to fundus photographs: the black around them cut off, their colours normalised by
   * the local average. A model that is trained by a run is saved with it. @default {nothing}
   */
  readonly fundus?: FundusOptions;
}

/**
 * Loads a data set. What cannot be loaded is an error, never something else in its place.
 *
 * @param spec `"synthetic"`; a `.npz` file laid out like MedMNIST (`train_images`, `train_labels`,
 * optionally `val_*` and `test_*`); a folder with one folder a class; a folder with `train`, `val` and
 * optionally `test` that have the same class folders in them, which are used as given, `test` for
 * nothing; or a folder with CSV files of grades and the images, as APTOS 2019, EyePACS, IDRiD and
 * Messidor-2 are given out
 * @throws {DataError} when the spec names nothing, the data are damaged or wrongly laid out, or
 * training or validation would be empty
 * @throws {TypeError} when an option is unknown
 * @throws {RangeError} when an option is out of its range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadData } from "@qsight/qsight/data";
 * const { train, val, synthetic } = await loadData("synthetic", { count: 40, imageSize: 32, seed: 1 });
 * assert.deepEqual([train.count + val.count, train.width, synthetic], [40, 32, true]);
 * ```
 */
export async function loadData(
  spec: string,
  options: LoadDataOptions = {},
): Promise<DataSplits> {
  checkOptions("loadData()", options, LOAD_DATA_OPTIONS);
  const { split, fundus } = options;
  checkFundus("loadData()", fundus);
  const saved = typeof split === "string" ? await loadSplit(split) : split;
  const loaded = await loadSource(spec, options);
  const data = fundus === undefined ? loaded : await withFundus(loaded, fundus);
  return saved === undefined ? data : applySplit(data, saved);
}

/** Folders are prepared while they are read, at their full size; other sources afterwards. */
async function withFundus(data: DataSplits, fundus: FundusOptions): Promise<DataSplits> {
  if (data.train.source === "folder") return { ...data, fundus };
  const { report, train, val, test } = data;
  const sets = {
    train: await prepareSet(train, fundus),
    val: await prepareSet(val, fundus),
    ...test && { test: await prepareSet(test, fundus) },
  };
  const again = dataSplits(sets, { ...report, path: train.name.replace(/\/train$/, "") });
  return { ...again, report, fundus };
}

async function loadSource(spec: string, options: LoadDataOptions): Promise<DataSplits> {
  const { seed = 0, imageSize = 64, valFraction = 0.2, count = 400 } = options;
  const { table, columns, onUnreadable = "error" } = options;
  checkValues({ imageSize, valFraction, onUnreadable });
  checkOptions("loadData(): columns", columns, ["image", "label", "patient"]);
  if (typeof spec !== "string" || spec === "") {
    throw new TypeError(
      `loadData(): found ${
        spec === "" ? "an empty text" : typeof spec
      }, wanted "synthetic", a .npz ` +
        "file or a folder. For arrays in memory call fromArrays().",
    );
  }
  if (spec === "synthetic") {
    const cut = cutSet(syntheticFundus({ count, size: imageSize, seed }), { valFraction, seed });
    return dataSplits(cut, { notes: cut.notes, path: spec });
  }
  const found = await stat(spec).catch(() => undefined);
  if (found?.isDirectory()) {
    const { fundus } = options;
    const folder = { imageSize, valFraction, seed, table, columns, onUnreadable, fundus };
    return withNotes(await loadFolder(spec, folder), options, ["count"]);
  }
  if (found?.isFile() && /\.npz$/i.test(spec)) {
    const unused = ["imageSize", "count", "table", "columns"] as const;
    return withNotes(await loadMedmnist(spec, { valFraction, seed }), options, unused);
  }
  throw unknownSpec(spec, found !== undefined);
}

/** Says which options had no effect, so that none is dropped in silence. */
function withNotes(
  data: DataSplits,
  options: LoadDataOptions,
  unused: readonly (keyof LoadDataOptions)[],
): DataSplits {
  const { width, height } = data.train;
  const notes = unused
    .filter((name) => options[name] !== undefined)
    .filter((name) => name !== "imageSize" || width !== options[name] || height !== options[name])
    .map((name) => `Option ${name} has no effect on this source: it keeps its own.`);
  return { ...data, report: { ...data.report, notes: [...data.report.notes, ...notes] } };
}

function checkValues(
  { imageSize, valFraction, onUnreadable }: Required<
    Pick<LoadDataOptions, "imageSize" | "valFraction" | "onUnreadable">
  >,
): void {
  if (onUnreadable !== "error" && onUnreadable !== "skip") {
    throw new RangeError(
      `loadData(): found onUnreadable "${onUnreadable}", wanted "error" or "skip". Choose one.`,
    );
  }
  if (!Number.isInteger(imageSize) || imageSize < 16 || imageSize > 1024) {
    throw new RangeError(
      `loadData(): found imageSize ${imageSize}, wanted an integer from 16 to 1024. Pass e.g. 64.`,
    );
  }
  if (!(valFraction > 0 && valFraction < 1)) {
    throw new RangeError(
      `loadData(): found valFraction ${valFraction}, wanted a number between 0 and 1. Pass e.g. 0.2.`,
    );
  }
}

function unknownSpec(spec: string, exists: boolean): DataError {
  const near = exists ? undefined : nearestName(spec, ["synthetic"]);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  const found = exists ? "a file that is no .npz archive" : "no such file or folder";
  return new DataError(
    `loadData(): "${spec}" is ${found}.${hint} Wanted "synthetic", a .npz file, or a folder with ` +
      "one folder a class, train and val of such folders, or a CSV file. Relative paths are taken from the current folder.",
    { path: spec },
  );
}
