/** A parameter that a notebook declares. */
export interface ParameterInfo {
  /** Its name. */
  readonly name: string;
  /** The source text of its default. */
  readonly value: string;
  /** The source text of its type, where the notebook states it. */
  readonly type?: string;
  /** The comment behind it, or else above it. */
  readonly help?: string;
}
