/** Pictures with their labels, all of one size, held in memory as bytes. */
export interface ImageSet {
  readonly name: string;
  /** Where the pictures come from. */
  readonly source: "synthetic" | "npz" | "folder" | "arrays";
  /** True when the pictures were drawn by {@linkcode syntheticFundus}: no result on them is clinical. */
  readonly synthetic: boolean;
  /** `count * height * width * 3` bytes, R, G, B, row by row. */
  readonly images: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Class index of each picture. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** A name for each picture that stays the same between runs: file path or index in its source. */
  readonly ids: readonly string[];
  /** `count * height * width` bytes of ground truth, one bit a kind; see {@linkcode LESION_BITS}. */
  readonly masks?: Uint8Array;
}

/** What a loader noticed besides the pictures. */
export interface DataReport {
  /** Files that were not read and why. */
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
  /** Sentences a person should see, e.g. that the validation split was cut from the training one. */
  readonly notes: readonly string[];
}

/** The sets of one task. `train` and `val` share no picture. */
export interface DataSplits {
  readonly train: ImageSet;
  readonly val: ImageSet;
  /** Only when the source has one. It is never used for training or for choosing anything. */
  readonly test?: ImageSet;
  readonly classes: readonly string[];
  readonly synthetic: boolean;
  /** SHA-256 over pixels, labels and ids of all splits, as hex. */
  readonly fingerprint: string;
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
export const LESION_BITS = Object.freeze({
  microaneurysm: 0,
  haemorrhage: 1,
  hardExudate: 2,
  softExudate: 3,
  opticDisc: 4,
  proliferation: 5,
});

/** How many pictures of each class a set holds. */
export function classCounts(set: Pick<ImageSet, "labels" | "classes">): number[] {
  const counts = new Array<number>(set.classes.length).fill(0);
  for (const label of set.labels) counts[label]++;
  return counts;
}
