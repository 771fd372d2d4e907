import { basename } from "node:path";
import { toRgbBytes } from "../images/to_rgb_bytes.ts";
import { DataError } from "./data_error.ts";
import { cutSet, dataSplits } from "./data_splits.ts";
import { knownFile } from "./fetch/known_data.ts";
import { type DataSplits, DR_GRADES, type ImageSet } from "./image_set.ts";
import { loadNpz, type Npz } from "./npz/load_npz.ts";
import type { NpyArray } from "./npz/parse_npy.ts";
import { padToSquare } from "./pad_to_square.ts";
import type { SplitStratifiedOptions } from "./split_stratified.ts";

/** One split before the number of classes is known. */
interface RawSplit {
  readonly images: Uint8Array;
  readonly labels: Int32Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Loads an npz file laid out like MedMNIST: `train_images`, `train_labels`, and optionally `val_*`
 * and `test_*`. Splits are used as they are; without `val_*` it is cut from `train_*`.
 * Images that are not square are padded with black, which a note says.
 */
export async function loadMedmnist(
  path: string,
  options: SplitStratifiedOptions,
): Promise<DataSplits> {
  const npz = await loadNpz(path);
  if (!npz.has("train_images") || !npz.has("train_labels")) {
    throw new DataError(
      `${path}: found the arrays ${npz.names.join(", ") || "none"}, wanted train_images and ` +
        "train_labels (and val_images, val_labels). Rename them when saving: " +
        "numpy.savez(path, train_images=x, train_labels=y).",
      { path },
    );
  }
  const raw = {
    train: readSplit(npz, "train"),
    val: hasSplit(npz, "val") ? readSplit(npz, "val") : undefined,
    test: hasSplit(npz, "test") ? readSplit(npz, "test") : undefined,
  };
  const present = [raw.train, raw.val, raw.test].filter((split) => split !== undefined);
  checkSameSize(path, present);
  const classes = classNames(path, present);
  const build = async (split: RawSplit, name: string): Promise<ImageSet> => ({
    name: `${basename(path)}/${name}`,
    source: "npz",
    synthetic: false,
    ids: Array.from(split.labels, (_, i) => `${name}_${i}`),
    classes,
    labels: split.labels,
    ...await padToSquare({ ...split, count: split.labels.length }, { path }),
  });
  const { height, width } = raw.train, side = Math.max(height, width);
  const total = present.reduce((sum, { labels }) => sum + labels.length, 0);
  const sizes = [{ width, height, count: total }];
  const notes = height === width
    ? []
    : [`Images of ${height} x ${width} were padded with black to ${side} x ${side}.`];
  const train = await build(raw.train, "train");
  const test = raw.test && await build(raw.test, "test");
  if (raw.val) {
    return dataSplits({ train, val: await build(raw.val, "val"), test }, {
      ...{ notes, sizes, path },
    });
  }
  const cut = cutSet({ ...train, name: basename(path) }, options);
  notes.push("The file has no val_images: validation was cut from train, class by class.");
  return dataSplits({ ...cut, test }, { notes: [...notes, ...cut.notes], sizes, path });
}

/** Whether a split is there; half of one is an error. */
function hasSplit(npz: Npz, split: string): boolean {
  const names = [`${split}_images`, `${split}_labels`];
  const [there] = names.filter((name) => npz.has(name));
  const missing = names.find((name) => !npz.has(name));
  if (there !== undefined && missing !== undefined) {
    throw new DataError(
      `${npz.path}: found ${there} without ${missing}, wanted both or neither. Save ${missing} ` +
        `into the file as well, or leave ${there} out.`,
      { path: npz.path },
    );
  }
  return there !== undefined;
}

function readSplit(npz: Npz, split: string): RawSplit {
  const images = npz.read(`${split}_images`), labels = npz.read(`${split}_labels`);
  const { shape, data, dtype } = images;
  const grey = shape.length === 3 || (shape.length === 4 && shape[3] === 1);
  if (dtype !== "|u1" || !(grey || (shape.length === 4 && shape[3] === 3))) {
    throw new DataError(
      `${npz.path}: ${split}_images: found ${dtype} of shape (${shape.join(", ")}), wanted |u1 ` +
        "(n, height, width) or (n, height, width, 3). Convert it: (x * 255).astype('uint8').",
      { path: npz.path },
    );
  }
  const [count, height, width] = shape;
  if (count === 0 || height === 0 || width === 0) {
    throw new DataError(
      `${npz.path}: ${split}_images: found no image, shape (${shape.join(", ")}), wanted at ` +
        `least one. Leave out ${split}_images when there are none.`,
      { path: npz.path },
    );
  }
  const side = Math.max(height, width), needed = count * side * side * 3;
  if (needed > 2 ** 31 - 1) {
    throw new DataError(
      `${npz.path}: ${split}_images: found ${count} images of ${height} x ${width}, which need ` +
        `${needed} bytes in memory, at most ${
          2 ** 31 - 1
        } are held. Take a smaller size, or a part ` +
        "of the images.",
      { path: npz.path },
    );
  }
  const pixels = toRgbBytes(data as Uint8Array, { channels: grey ? 1 : 3 });
  return { images: pixels, height, width, labels: readLabels(npz, { split, labels, count }) };
}

function readLabels(
  { path }: Npz,
  { split, labels, count }: { split: string; labels: NpyArray; count: number },
): Int32Array {
  const { shape, data } = labels;
  if (shape[0] !== count || data.length !== count) {
    throw new DataError(
      `${path}: ${split}_labels: found shape (${shape.join(", ")}) for ${count} images, wanted ` +
        "one class per image: (n) or (n, 1). Sets with several labels per image are not read.",
      { path },
    );
  }
  const bad = data.findIndex((label: number) =>
    !Number.isInteger(label) || label < 0 || label > 999
  );
  if (bad >= 0) {
    throw new DataError(
      `${path}: ${split}_labels: found ${data[bad]} at position ${bad}, wanted class indices ` +
        "from 0 to 999. Number the classes from 0.",
      { path },
    );
  }
  return Int32Array.from(data);
}

function classNames(path: string, splits: readonly RawSplit[]): readonly string[] {
  const count = 1 +
    splits.reduce((top, { labels }) => labels.reduce((a, b) => Math.max(a, b), top), 0);
  if (count < 2) {
    throw new DataError(
      `${path}: found one class only, wanted at least two. Check that the labels are the right array.`,
      { path },
    );
  }
  const known = knownFile(basename(path))?.classes;
  if (known?.length === count) return known;
  if (count === DR_GRADES.length && /retina/i.test(basename(path))) return DR_GRADES;
  return Array.from({ length: count }, (_, i) => `class_${i}`);
}

function checkSameSize(path: string, splits: readonly RawSplit[]): void {
  const sizes = [...new Set(splits.map(({ height, width }) => `${height} x ${width}`))];
  if (sizes.length > 1) {
    throw new DataError(
      `${path}: found images of ${sizes.join(" and ")}, wanted one size in all splits. ` +
        "Resize them before saving.",
      { path },
    );
  }
}
