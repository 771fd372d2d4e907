/** A value that can be written as a literal in the notebook's language. */
export type ParameterValue =
  | null
  | boolean
  | number
  | string
  | ParameterFloat
  | readonly ParameterValue[]
  | { readonly [name: string]: ParameterValue };

/** Names and values that replace those of the cell tagged `parameters`. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/**
 * A whole number that is to stay a float where the language tells them apart: Python prints `1.0`
 * and divides otherwise than with `1`. The readers of parameters make one of `1.0` and `1e3`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ParameterFloat } from "@qsight/qsight/runner";
 *
 * assert.equal(JSON.stringify({ rate: new ParameterFloat(1) }), '{"rate":1}');
 * ```
 */
export class ParameterFloat {
  /** The number. */
  readonly value: number;

  /** Any number, whole or not. */
  constructor(value: number) {
    this.value = value;
  }

  /** The number: JSON has one kind. */
  toJSON(): number {
    return this.value;
  }
}

/** A number read from text that looks like a float: wrapped where its value alone would not. */
export function floatValue(value: number): number | ParameterFloat {
  return Number.isInteger(value) ? new ParameterFloat(value) : value;
}

/** Throws for a value that no parameter can have. */
export function unfitParameter(where: string, value: unknown): never {
  const found = typeof value === "object" && value !== null
    ? `a ${value.constructor?.name ?? "value"}`
    : typeof value === "function"
    ? "a function"
    : typeof value === "bigint"
    ? `the whole number ${value}, which has more digits than a number keeps`
    : String(value);
  throw new TypeError(
    `${where} is ${found}, wanted null, true or false, a number, text, a list or a mapping. ` +
      "Give it as text, in quotes where it stands in a file",
  );
}
