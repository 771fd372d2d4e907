/**
 * One number, or the reason why there is none. Every metric of this room has this form, so that
 * "undefined" is never NaN, never 0 and never without a word.
 */
export interface Metric {
  /** The number, or null where the metric is not defined. Always finite. */
  readonly value: number | null;
  /** Why `value` is null; null where it is defined. */
  readonly reason: string | null;
}

/** A metric that is defined. */
export function defined(value: number): Metric {
  return { value, reason: null };
}

/** A metric that is not defined, and why. */
export function notDefined(reason: string): Metric {
  return { value: null, reason };
}
