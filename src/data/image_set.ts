import type { FundusOptions } from "./fundus_options.ts";

/** Images with their labels, all of one size, held in memory as bytes. */
export interface ImageSet {
  /** How tables and messages call the set. */
  readonly name: string;
  /** Where the images come from. */
  readonly source: "synthetic" | "npz" | "folder" | "arrays";
  /** True when the images were drawn by {@linkcode syntheticFundus}: no result on them is clinical. */
  readonly synthetic: boolean;
  /** `count * height * width * 3` bytes, R, G, B, row by row. */
  readonly images: Uint8Array;
  /** Number of images. */
  readonly count: number;
  /** Rows of each image. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** Class index of each image. */
  readonly labels: Int32Array;
  /** Class names; a label is a position in this list. */
  readonly classes: readonly string[];
  /** A name for each image that stays the same between runs: file path or index in its source. */
  readonly ids: readonly string[];
  /**
   * Patient of each image, where the source tells: a column of its table, or file names that end in
   * `_left` and `_right`. Images of a patient belong into one split.
   */
  readonly groups?: readonly string[];
  /** `count * height * width` bytes of ground truth, one bit a kind; see {@linkcode LESION_BITS}. */
  readonly masks?: Uint8Array;
}

/** What a loader noticed besides the images. */
export interface DataReport {
  /** Files that were not read and why. */
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
  /** Sentences a person should see, e.g. that the validation split was cut from the training one. */
  readonly notes: readonly string[];
  /** Image files that could not be decoded; only where the caller chose to go on without them. */
  readonly unreadable?: readonly { readonly path: string; readonly reason: string }[];
  /** Sizes of the images as they lie in their files, the most frequent first. */
  readonly sizes?: readonly {
    readonly width: number;
    readonly height: number;
    readonly count: number;
  }[];
}

/**
 * The sets of one task. A set that is cut here puts each image into one split only. Splits that a
 * file brings along are taken as they are, and copies of an image may stand under two names:
 * `report.notes` says how many images of `val` and `test` are also in `train`, pixel by pixel.
 */
export interface DataSplits {
  /** For fitting weights. */
  readonly train: ImageSet;
  /** For choosing epochs and settings. */
  readonly val: ImageSet;
  /** Only when the source has one. It is never used for training or for choosing anything. */
  readonly test?: ImageSet;
  /** Class names, the same in all splits. */
  readonly classes: readonly string[];
  /** True when no image is real. */
  readonly synthetic: boolean;
  /** SHA-256 over pixels, labels and ids of all splits, as hex. */
  readonly fingerprint: string;
  /** What was done to the photographs; missing for nothing. Models are saved with it. */
  readonly fundus?: FundusOptions;
  /** What the loader noticed. */
  readonly report: DataReport;
}

/** The five grades of the International Clinical Diabetic Retinopathy scale (Wilkinson et al., 2003). */
export const DR_GRADES: readonly string[] = Object.freeze([
  "no_dr",
  "mild",
  "moderate",
  "severe",
  "proliferative",
]);

/** Bit number of each kind in the masks of a synthetic set; 0 to 4 are those of IDRiD. */
export const LESION_BITS: {
  readonly microaneurysm: 0;
  readonly haemorrhage: 1;
  readonly hardExudate: 2;
  readonly softExudate: 3;
  readonly opticDisc: 4;
  readonly proliferation: 5;
} = Object.freeze({
  microaneurysm: 0,
  haemorrhage: 1,
  hardExudate: 2,
  softExudate: 3,
  opticDisc: 4,
  proliferation: 5,
});

/** How many images of each class a set holds. */
export function classCounts(set: Pick<ImageSet, "labels" | "classes">): number[] {
  const counts = new Array<number>(set.classes.length).fill(0);
  for (const label of set.labels) counts[label]++;
  return counts;
}
