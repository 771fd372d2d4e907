import { readFile } from "node:fs/promises";
import { messageOf } from "../_internal/message_of.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { DataError } from "./data_error.ts";
import { dataSplits, leakNotes } from "./data_splits.ts";
import type { DataSplits, ImageSet } from "./image_set.ts";
import type { TrainingData } from "./image_files.ts";
import { joinSets } from "./join_sets.ts";
import { selectImages } from "./select_images.ts";

/** Names and class numbers of the images of one split, in its order. */
export interface SavedSplitPart {
  /** As in `ImageSet.ids`. */
  readonly ids: readonly string[];
  /** Class index of each. */
  readonly labels: readonly number[];
}

/** Which image is in which split, ready for JSON. */
export interface SavedSplit {
  /** Always `"qsight.split/1"`. */
  readonly schema: "qsight.split/1";
  /** Fingerprint of the data that were split; of the same size, they must be the same again. */
  readonly fingerprint: string;
  /** Height and width of the images then. */
  readonly size: readonly [height: number, width: number];
  /** Class names. */
  readonly classes: readonly string[];
  /** For fitting weights. */
  readonly train: SavedSplitPart;
  /** For choosing epochs and settings. */
  readonly val: SavedSplitPart;
  /** Only where there was one. */
  readonly test?: SavedSplitPart;
}

/**
 * Which image of the data is in which split. A run saves it as `split.json`;
 * {@linkcode applySplit}, and the option `split` of `loadData()`, split the same data the same way
 * again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { applySplit, loadData, splitOf } from "@qsight/qsight/data";
 * const options = { count: 20, imageSize: 16 };
 * const data = await loadData("synthetic", options);
 * const kept = JSON.parse(JSON.stringify(splitOf(data)));
 * const cut = await loadData("synthetic", { ...options, valFraction: 0.5 });
 * assert.deepEqual(applySplit(cut, kept).val.ids, data.val.ids);
 * ```
 */
export function splitOf(data: TrainingData): SavedSplit {
  const part = ({ ids, labels }: Pick<ImageSet, "ids" | "labels">) => ({
    ids,
    labels: Array.from(labels),
  });
  const { train, val, test, classes, fingerprint } = data;
  return {
    schema: "qsight.split/1",
    fingerprint,
    size: [train.height, train.width],
    classes,
    train: part(train),
    val: part(val),
    ...(test && { test: part(test) }),
  };
}

/** Writes {@linkcode splitOf} of the data as a JSON file, whole or not at all. */
export async function saveSplit(path: string, data: TrainingData): Promise<void> {
  await writeAtomic(path, `${JSON.stringify(splitOf(data), null, 1)}\n`);
}

/**
 * Reads a file that {@linkcode saveSplit} or a run has written.
 *
 * @throws {DataError} when it is missing, no JSON, or no split
 */
export async function loadSplit(path: string): Promise<SavedSplit> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new DataError(`${path}: found no such file (${messageOf(cause)}), ${WANTED}`, {
      path,
      cause,
    });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`${path}: found no JSON (${messageOf(cause)}), ${WANTED}`, { path, cause });
  }
  const wrong = whatIsWrong(value);
  if (wrong !== undefined) throw new DataError(`${path}: found ${wrong}, ${WANTED}`, { path });
  return value as SavedSplit;
}

const WANTED = "wanted a file of saveSplit(), or the split.json of a run. Save the split again.";

function whatIsWrong(value: unknown): string | undefined {
  const split = (value ?? {}) as Partial<Record<keyof SavedSplit, unknown>>;
  if (split.schema !== "qsight.split/1") return `schema ${JSON.stringify(split.schema)}`;
  if (typeof split.fingerprint !== "string") return "no fingerprint";
  const isList = (list: unknown, kind: (item: unknown) => boolean) =>
    Array.isArray(list) && list.every(kind);
  if (!isList(split.classes, (name) => typeof name === "string")) return "no class names";
  if (!isList(split.size, Number.isInteger)) return "no size";
  for (const name of ["train", "val", "test"] as const) {
    if (name === "test" && split.test === undefined) continue;
    const { ids, labels } = (split[name] ?? {}) as Partial<SavedSplitPart>;
    const whole = isList(ids, (id) => typeof id === "string") && isList(labels, Number.isInteger) &&
      ids!.length === labels!.length;
    if (!whole) return `no ids with as many labels in ${name}`;
  }
  return undefined;
}

/**
 * Splits data as they were split before. Images that the split does not name are left out, which a
 * note says.
 *
 * @throws {DataError} when an image of the split is not in the data, stands in two of its splits, has
 * another label, or, at the same size, other pixels
 */
export function applySplit(data: DataSplits, split: SavedSplit): DataSplits {
  const old = [data.train, data.val, data.test].filter((set) => set !== undefined);
  const { test: bare, ...rest } = split;
  const parts = { train: rest.train, val: rest.val, ...(bare && { test: bare }) };
  const all = joinSets(old), at = new Map(all.ids.map((id, i) => [id, i]));
  const name = data.train.name.replace(/\/train$/, "");
  const fail = (found: string, fix: string) =>
    new DataError(`${name}: found ${found}, wanted the data that were split. ${fix}`, {
      path: name,
    });
  const taken = new Map<string, string>();
  const select = (part: SavedSplitPart, side: string): ImageSet => {
    const missing = part.ids.filter((id) => !at.has(id));
    if (missing.length > 0) {
      throw fail(
        `${missing.length} images of the saved split missing, e.g. "${missing[0]}" of ${side}`,
        "Put them back, or split anew and save that.",
      );
    }
    part.ids.forEach((id, i) => {
      const other = taken.get(id), label = all.labels[at.get(id)!];
      if (other !== undefined) {
        throw fail(`"${id}" in ${other} and in ${side} of the saved split`, "Save it anew.");
      }
      if (label !== part.labels[i]) {
        throw fail(
          `label ${label} for "${id}", which was ${part.labels[i]}`,
          "Take the labels of then, or split anew and save that.",
        );
      }
      taken.set(id, side);
    });
    return { ...selectImages(all, part.ids.map((id) => at.get(id)!)), name: `${name}/${side}` };
  };
  const sets = {
    train: select(parts.train, "train"),
    val: select(parts.val, "val"),
    ...(parts.test && { test: select(parts.test, "test") }),
  };
  const before = leakNotes(data), unnamed = all.count - taken.size;
  const found = dataSplits(sets, {
    ...data.report,
    notes: [
      ...data.report.notes.filter((note) => !before.includes(note)),
      "The splits are those of the saved split; what is said of another cut does not hold.",
      ...unnamed > 0 ? [`${unnamed} images are not in the saved split: they are left out.`] : [],
    ],
    path: name,
  });
  const { height, width } = data.train;
  const sameSize = split.size[0] === height && split.size[1] === width;
  if (sameSize && found.fingerprint !== split.fingerprint) {
    throw fail(
      `other pixels or class names (fingerprint ${found.fingerprint.slice(0, 12)}… now, ` +
        `${split.fingerprint.slice(0, 12)}… then)`,
      "Take the files of then, or split anew and save that.",
    );
  }
  return found;
}
