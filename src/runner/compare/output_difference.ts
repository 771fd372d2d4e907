/** How two outputs were found to differ. */
export type DifferenceKind =
  | "text"
  | "number"
  | "json"
  | "html"
  | "svg"
  | "image"
  | "missing"
  | "unexpected";

/** Both pictures of an image difference, as files, and how much of the picture differs. */
export interface ImageDifference {
  /** The stored picture: the bytes of its PNG or JPEG file. */
  readonly stored: Uint8Array;
  /** The fresh picture, in the same way. */
  readonly fresh: Uint8Array;
  /** A PNG file that marks what differs; absent where the sizes differ or one cannot be decoded. */
  readonly marked?: Uint8Array;
  /** Share of pixels that differ visibly, 0 to 1. */
  readonly share: number;
}

/** One difference between what a cell put out and what the notebook has stored. */
export interface OutputDifference {
  /** Index among all cells of the stored notebook, from 0. */
  readonly cellIndex: number;
  /** The same in the executed notebook, which may have a cell of parameters more. */
  readonly executedIndex?: number;
  /**
   * What differs: `"stdout"`, `"stderr"`, `"error"`, a MIME type such as `"text/plain"`, or `"cell"`
   * for a cell that was never run or is not there.
   */
  readonly part: string;
  /** How it was compared; "missing" is stored and did not come, "unexpected" the other way round. */
  readonly kind: DifferenceKind;
  /** One line that says what differs. */
  readonly message: string;
  /** The stored content as it was compared (sanitised, settled), where it is text. */
  readonly stored?: string;
  /** The fresh content, in the same way. */
  readonly fresh?: string;
  /** For kind "image". */
  readonly image?: ImageDifference;
}
