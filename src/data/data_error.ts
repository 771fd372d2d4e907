/**
 * Data that cannot be used: a missing, damaged or wrongly laid out file. The message says what was
 * found, what was wanted and how to fix it.
 */
export class DataError extends Error {
  /** Always `"DataError"`. */
  override readonly name = "DataError";
  /** File, folder or spec that was read. */
  readonly path: string;

  /** An error about one source; the message says what was found, what was wanted, how to fix it. */
  constructor(message: string, options: { readonly path: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.path = options.path;
  }
}
