import type { Parameters, ParameterValue } from "../notebook/parameter_value.ts";
import { parseParameterValue } from "../notebook/parameters_file.ts";

/** The values that each parameter takes. */
export type GridAxes = Readonly<Record<string, readonly ParameterValue[]>>;

/**
 * All combinations of the values, in a stable order: the last parameter changes fastest.
 *
 * @throws {RangeError} for a parameter without values
 * @throws {TypeError} for values that are no list
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parameterGrid } from "@qsight/qsight/runner";
 *
 * const sets = parameterGrid({ lr: [0.1, 0.01], seed: [1, 2] });
 * assert.equal(sets.length, 4);
 * assert.deepEqual(sets[1], { lr: 0.1, seed: 2 });
 * ```
 */
export function parameterGrid(axes: GridAxes): Parameters[] {
  let sets: Parameters[] = [{}];
  for (const [name, values] of Object.entries(axes)) {
    if (!Array.isArray(values)) {
      throw new TypeError(
        `parameterGrid: "${name}" is ${typeof values}, wanted a list of values such as [0.1, 0.01]`,
      );
    }
    if (values.length === 0) {
      throw new RangeError(`parameterGrid: "${name}" has no values. Give one or leave it out`);
    }
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
  }
  return sets;
}

/**
 * Reads `NAME=A,B,…` as they stand on a command line; each value is read as by
 * {@linkcode parseParameterValue}.
 *
 * @throws {RangeError} for a text of another form, an empty value, or a name given twice
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseGrid } from "@qsight/qsight/runner";
 *
 * const axes = parseGrid("lr=0.1,0.01", "head=linear,mlp", "augment=true,false");
 * assert.deepEqual(axes, { lr: [0.1, 0.01], head: ["linear", "mlp"], augment: [true, false] });
 * ```
 */
export function parseGrid(...texts: string[]): GridAxes {
  const axes = new Map<string, ParameterValue[]>();
  for (const text of texts) {
    const [, name, list] = /^([A-Za-z_]\w*)=([^]*)$/.exec(text) ?? [];
    if (name === undefined) {
      throw new RangeError(`"${text}" is no axis of a grid, wanted NAME=A,B as in lr=0.1,0.01`);
    }
    const values = list.split(",").map((value) => value.trim());
    if (values.includes("")) {
      throw new RangeError(
        `"${text}" has an empty value. Write values between commas, as in lr=0.1,0.01`,
      );
    }
    if (axes.has(name)) {
      throw new RangeError(`"${name}" is given twice. Put all its values into one ${name}=A,B`);
    }
    axes.set(name, values.map(parseParameterValue));
  }
  return Object.fromEntries(axes);
}
