/** Where a topology comes from. */
export interface Origin {
  /** The major version of Keras that wrote it; 0 for TensorFlow.js and unknown. */
  readonly keras: number;
  /** The file, for messages. */
  readonly path: string;
}
