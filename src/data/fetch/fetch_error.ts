/** Data that could not be fetched. What came so far is kept where it can be gone on with. */
export class FetchError extends Error {
  /** Always `"FetchError"`. */
  override readonly name = "FetchError";
  /** From where. */
  readonly url: string;

  /** The message says what was found, what was wanted, and how to fix it. */
  constructor(message: string, options: { readonly url: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.url = options.url;
  }
}
