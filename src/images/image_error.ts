/** An image that cannot be read or drawn; the message names the file, what was found, and the cure. */
export class ImageError extends Error {
  /** Always `"ImageError"`. */
  override readonly name = "ImageError";
  /** The name the image was given, usually its path. */
  readonly file: string;

  /** An error about one file; the message says what was found, what was wanted, how to fix it. */
  constructor(message: string, options: { readonly file: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.file = options.file;
  }
}
