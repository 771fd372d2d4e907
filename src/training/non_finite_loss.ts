/** A loss that is not a number any more. */
export class NonFiniteLossError extends Error {
  /** Tells it from other errors. */
  override name = "NonFiniteLossError";
  /** Loss of each output in that batch. */
  readonly losses: Readonly<Record<string, number>>;

  /**
   * With the loss of each output in that batch.
   *
   * @param losses by output
   */
  constructor(message: string, losses: Readonly<Record<string, number>> = {}) {
    super(message);
    this.losses = losses;
  }
}
