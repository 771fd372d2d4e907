import type { Ignored } from "./class_folders.ts";

/** Images of one split with their labels, before any is read. */
export interface ListedImages {
  /** Relative to the folder. */
  readonly paths: readonly string[];
  readonly labels: readonly number[];
  /** Patient of each image where that is known. */
  readonly groups?: readonly string[];
}

/** What a folder holds, before any image is read. */
export interface FolderListing {
  readonly classes: readonly string[];
  /** All images where the folder does not say which are for what. */
  readonly train: ListedImages;
  readonly val?: ListedImages;
  readonly test?: ListedImages;
  /** Files that are not read and why. */
  readonly ignored: Readonly<Ignored>;
  readonly notes: readonly string[];
}
