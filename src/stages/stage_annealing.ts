/** Shape of the way from one value to another. */
export type AnnealingCurve = "cosine" | "linear" | "exponential" | "sigmoid";

/** A value that moves over a stage. */
export interface Annealed {
  /** Its value in the first epoch. */
  readonly from: number;
  /** Its value in the last epoch. */
  readonly to: number;
  /** Shape of the way. @default {"cosine"} */
  readonly curve?: AnnealingCurve;
}

/** What moves over a stage in the quantum head. */
export interface StageAnnealing {
  /** Divides what enters the circuit; at least 0.001. */
  readonly temperature?: Annealed;
  /** Standard deviation of the noise on it in training; 0 or more. */
  readonly noise?: Annealed;
}
