import type { ImageSet } from "../image_set.ts";

/** How bad a finding is: `leakage` makes results too good, `error` makes them wrong or fewer. */
export type FindingLevel = "leakage" | "error" | "warning" | "note";

/** Something that a person should know before training. */
export interface DataFinding {
  /** Stays the same between versions, e.g. `"exact_across"`. */
  readonly code: string;
  /** How bad it is. */
  readonly level: FindingLevel;
  /** What was found. */
  readonly message: string;
  /** What to do. */
  readonly fix: string;
  /** How many images, pairs, patients or classes it is about. */
  readonly count: number;
  /** Some of them, at most five. */
  readonly examples: readonly string[];
}

/** One image of a pair. */
export interface PairImage {
  /** `train`, `val` or `test`. */
  readonly split: SplitName;
  /** Position in its split. */
  readonly index: number;
  /** Its name in the set. */
  readonly id: string;
  /** Class index. */
  readonly label: number;
}

/** Two images that are the same or nearly so. */
export interface DuplicatePair {
  /** `exact`: equal pixel by pixel at the size they were loaded at. */
  readonly kind: "exact" | "near";
  /** The one that comes first, of train before val before test. */
  readonly a: PairImage;
  /** The other. */
  readonly b: PairImage;
  /** In different splits. */
  readonly across: boolean;
  /** Bits of 256 in which their difference hashes differ. */
  readonly distance: number;
  /** Correlation of their grey fields. */
  readonly correlation: number;
}

/** The images of one split in numbers. */
export interface SplitStatistics {
  /** Which one. */
  readonly split: SplitName;
  /** Number of images. */
  readonly count: number;
  /** Images of each class. */
  readonly classCounts: readonly number[];
  /** Number of patients; null where nothing tells them. */
  readonly patients: number | null;
  /** Means of R, G, B in [0, 1] over all pixels. */
  readonly mean: readonly [number, number, number];
  /** Standard deviations of R, G, B in [0, 1] over all pixels. */
  readonly sd: readonly [number, number, number];
  /** Mean grey of an image in [0, 1], over the images. */
  readonly brightness: {
    readonly mean: number;
    readonly sd: number;
    readonly min: number;
    readonly max: number;
    /** Images in each of 32 equal parts of [0, 1]. */
    readonly histogram: readonly number[];
  };
}

/** What `checkData()` found; ready for JSON. */
export interface DataCheck {
  /** Always `"qsight.data/1"`. */
  readonly schema: "qsight.data/1";
  /** Of the data. */
  readonly name: string;
  /** The images were drawn, not photographed. */
  readonly synthetic: boolean;
  /** Class names. */
  readonly classes: readonly string[];
  /** Height and width that the images were compared at. */
  readonly size: readonly [height: number, width: number];
  /** Sizes in the files, the most frequent first; empty where the loader does not say. */
  readonly sizes: readonly {
    readonly width: number;
    readonly height: number;
    readonly count: number;
  }[];
  /** Train first. */
  readonly splits: readonly SplitStatistics[];
  /** At most 10000 of each kind within and across splits; the findings have the full counts. */
  readonly duplicates: readonly DuplicatePair[];
  /** From where on images counted as near duplicates. */
  readonly limits: { readonly distance: number; readonly correlation: number };
  /** Image files that cannot be decoded and why. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  /** Files that were not read and why. */
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
  /** What the loader noticed. */
  readonly notes: readonly string[];
  /** The worst first. */
  readonly findings: readonly DataFinding[];
  /** There is leakage between the splits. */
  readonly leakage: boolean;
}

/** Names of splits. */
export type SplitName = "train" | "val" | "test";

/** A split that is there. */
export type NamedSet = readonly [SplitName, ImageSet];
