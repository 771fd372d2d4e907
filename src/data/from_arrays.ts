import { checkOptions } from "../_internal/check_options.ts";
import { checkRgbImage, type RgbImage } from "../images/rgb_image.ts";
import { toRgbBytes } from "../images/to_rgb_bytes.ts";
import { cutSet, dataSplits } from "./data_splits.ts";
import type { DataSplits, ImageSet } from "./image_set.ts";
import type { SplitStratifiedOptions } from "./split_stratified.ts";

/** All images one after the other in one array. */
export interface ImageBlock {
  /** Bytes, or numbers in [0, 1]. */
  readonly data: Uint8Array | Float32Array;
  /** `[count, height, width, 3]`, or grey: `[count, height, width]` or `[count, height, width, 1]`. */
  readonly shape: readonly number[];
}

/** Labelled images in memory. */
export interface LabelledArrays {
  /** Single images of one size, or one block. */
  readonly images: readonly RgbImage[] | ImageBlock;
  /** Class index of each image, integers from 0. */
  readonly labels: ArrayLike<number>;
  /** Class names. @default {class_0, class_1, …} */
  readonly classes?: readonly string[];
  /** A name for each image. @default {image_0, image_1, …} */
  readonly ids?: readonly string[];
}

/**
 * Makes training and validation sets from arrays, cut class by class; `groups` keeps the images of
 * a patient together.
 *
 * @throws {TypeError} when the images are neither a list of images nor `{ data, shape }`
 * @throws {RangeError} when counts or sizes differ, a label is no class, or a pixel is out of range
 * @throws {DataError} when no class has enough images or groups for one in validation
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fromArrays } from "@qsight/qsight/data";
 * const images = { data: new Uint8Array(4 * 8 * 8 * 3), shape: [4, 8, 8, 3] };
 * const { train, val } = fromArrays({ images, labels: [0, 0, 1, 1] }, { valFraction: 0.5, seed: 1 });
 * assert.deepEqual([train.count, val.count], [2, 2]);
 * ```
 */
export function fromArrays(
  arrays: LabelledArrays,
  options: SplitStratifiedOptions = {},
): DataSplits {
  checkOptions("fromArrays()", options, ["valFraction", "seed", "groups"]);
  checkOptions("fromArrays()", arrays, ["images", "labels", "classes", "ids"]);
  const { images, labels } = arrays;
  const block = Array.isArray(images) ? joinImages(images) : readBlock(images as ImageBlock);
  const ids = arrays.ids ?? Array.from({ length: block.count }, (_, i) => `image_${i}`);
  for (const [name, list] of Object.entries({ labels, ids })) {
    if (list?.length !== block.count) {
      throw new RangeError(
        `fromArrays(): found ${block.count} images and ${
          list?.length ?? "no"
        } ${name}, wanted as ` +
          "many of each. Pass one entry per image.",
      );
    }
  }
  if (new Set(ids).size !== ids.length) {
    throw new RangeError(
      "fromArrays(): found the same id twice, wanted different ones. Use paths.",
    );
  }
  const classes = arrays.classes ?? defaultClasses(labels);
  checkLabels(labels, classes);
  const set: ImageSet = {
    name: "arrays",
    source: "arrays",
    synthetic: false,
    ...block,
    labels: Int32Array.from(labels),
    classes,
    ids,
    ...(options.groups && { groups: options.groups }),
  };
  const cut = cutSet(set, options);
  return dataSplits(cut, { notes: cut.notes });
}

/** More classes than this are taken for a mistake in the labels. */
const MAX_CLASSES = 1000;

type Block = Pick<ImageSet, "images" | "count" | "height" | "width">;

function joinImages(list: readonly RgbImage[]): Block {
  if (list.length === 0) throw new RangeError("fromArrays(): found no image, wanted at least two.");
  const { width, height } = list[0] ?? {};
  const images = new Uint8Array(list.length * width * height * 3 || 0);
  list.forEach((image, i) => {
    checkRgbImage(`fromArrays(): images[${i}]`, image);
    if (image.width !== width || image.height !== height) {
      throw new RangeError(
        `fromArrays(): found images[${i}] of ${image.width} x ${image.height} beside images[0] of ` +
          `${width} x ${height}, wanted one size. Use resizeImage() first.`,
      );
    }
    images.set(image.data, i * image.data.length);
  });
  return { images, count: list.length, width, height };
}

function readBlock(block: ImageBlock): Block {
  const { data, shape } = block ?? {};
  const bytes = data instanceof Uint8Array;
  if (!(bytes || data instanceof Float32Array) || !Array.isArray(shape)) {
    throw new TypeError(
      "fromArrays(): found images that are neither a list of { width, height, data } nor " +
        "{ data: Uint8Array | Float32Array, shape }. Wrap a flat array: { data, shape: [n, h, w, 3] }.",
    );
  }
  const [count, height, width, channels = 1] = shape;
  const wanted = count * height * width * channels;
  const shaped = shape.length >= 3 && shape.length <= 4 && (channels === 1 || channels === 3);
  if (!shaped || !(wanted > 0) || data.length !== wanted) {
    throw new RangeError(
      `fromArrays(): found ${data.length} numbers and shape [${shape.join(", ")}], wanted ` +
        "[count, height, width, 3] or [count, height, width] and as many numbers. Correct the shape.",
    );
  }
  const pixels = bytes ? data : toBytes(data);
  return { images: toRgbBytes(pixels, { channels }), count, height, width };
}

function toBytes(data: Float32Array): Uint8Array {
  const bad = data.findIndex((value) => !(value >= 0 && value <= 1));
  if (bad >= 0) {
    throw new RangeError(
      `fromArrays(): found pixel ${data[bad]} at position ${bad}, wanted numbers from 0 to 1. ` +
        "Divide by 255, and replace NaN.",
    );
  }
  return Uint8Array.from(data, (value) => Math.round(value * 255));
}

/** `class_0` to the highest label, which is bounded as it may be anything. */
function defaultClasses(labels: ArrayLike<number>): string[] {
  const top = Array.from(labels).reduce((a, b) => Math.max(a, b), 0);
  const count = Number.isInteger(top) ? Math.min(top + 1, MAX_CLASSES) : 1;
  return Array.from({ length: count }, (_, i) => `class_${i}`);
}

function checkLabels(labels: ArrayLike<number>, classes: readonly string[]): void {
  const all = Array.from(labels);
  const bad = all.findIndex((label) =>
    !Number.isInteger(label) || label < 0 || label >= classes.length
  );
  if (bad >= 0) {
    throw new RangeError(
      `fromArrays(): found label ${all[bad]} at position ${bad}, wanted an integer from 0 to ` +
        `${classes.length - 1} (${classes.length} classes). Number the classes from 0.`,
    );
  }
  if (new Set(all).size < 2) {
    throw new RangeError(
      "fromArrays(): found one class only, wanted at least two. A classifier needs a choice.",
    );
  }
}
