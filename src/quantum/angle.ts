import { checkOptions } from "../_internal/check_options.ts";

/** `scale * inputs[index] + offset`. */
export interface AffineInput {
  /** Which number of the input row. */
  readonly index: number;
  /** Factor in front of it. */
  readonly scale: number;
  /** Radians added after scaling. */
  readonly offset: number;
}

/** Where the angle of a gate comes from, in radians. Plain data. */
export type Angle =
  | { readonly kind: "const"; readonly value: number }
  | ({ readonly kind: "input" } & AffineInput)
  | { readonly kind: "weight"; readonly index: number; readonly scale: number }
  | {
    readonly kind: "product";
    readonly factors: readonly [AffineInput, AffineInput];
    readonly scale: number;
  };

/** Options of {@linkcode inputAngle}. */
export interface InputAngleOptions {
  /** Radians per unit of input. @default {1} */
  readonly scale?: number;
  /** Radians added after scaling. @default {0} */
  readonly offset?: number;
}

/**
 * The angle `scale * inputs[index] + offset`, which differs from sample to sample.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inputAngle } from "@qsight/qsight/quantum";
 * assert.deepEqual(inputAngle(2, { scale: Math.PI }).scale, Math.PI);
 * ```
 */
export function inputAngle(
  index: number,
  options: InputAngleOptions = {},
): { readonly kind: "input" } & AffineInput {
  checkOptions("inputAngle()", options, ["scale", "offset"]);
  const { scale = 1, offset = 0 } = options;
  return { kind: "input", index, scale, offset };
}

/** Options of {@linkcode weightAngle}. */
export interface WeightAngleOptions {
  /** Radians per unit of weight. @default {1} */
  readonly scale?: number;
}

/**
 * The angle `scale * weights[index]`, shared by the whole batch.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { weightAngle } from "@qsight/qsight/quantum";
 * assert.deepEqual(weightAngle(0), { kind: "weight", index: 0, scale: 1 });
 * ```
 */
export function weightAngle(
  index: number,
  options: WeightAngleOptions = {},
): { readonly kind: "weight"; readonly index: number; readonly scale: number } {
  checkOptions("weightAngle()", options, ["scale"]);
  return { kind: "weight", index, scale: options.scale ?? 1 };
}

/** Options of {@linkcode productAngle}. */
export interface ProductAngleOptions {
  /** Factor in front of the product. @default {1} */
  readonly scale?: number;
}

/**
 * The angle `scale * (s0 x_i + o0) * (s1 x_j + o1)`: two affine inputs multiplied, as the ZZ feature
 * map needs it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inputAngle, productAngle } from "@qsight/qsight/quantum";
 * const factor = (i: number) => inputAngle(i, { scale: -1, offset: Math.PI });
 * assert.equal(productAngle([factor(0), factor(1)], { scale: 2 }).factors.length, 2);
 * ```
 */
export function productAngle(
  factors: readonly [AffineInput, AffineInput],
  options: ProductAngleOptions = {},
): Extract<Angle, { kind: "product" }> {
  checkOptions("productAngle()", options, ["scale"]);
  const [a, b] = factors.map(({ index, scale, offset }) => ({ index, scale, offset }));
  return { kind: "product", factors: [a, b], scale: options.scale ?? 1 };
}

/** Whether the angle differs from sample to sample. */
export function dependsOnInput(angle: Angle): boolean {
  return angle.kind === "input" || angle.kind === "product";
}

/** The value in radians; `row` is where the inputs of the sample start. */
export function angleValue(
  angle: Angle,
  { inputs, weights, row }: {
    readonly inputs: ArrayLike<number>;
    readonly weights: ArrayLike<number>;
    readonly row: number;
  },
): number {
  switch (angle.kind) {
    case "const":
      return angle.value;
    case "input":
      return angle.scale * inputs[row + angle.index] + angle.offset;
    case "weight":
      return angle.scale * weights[angle.index];
    case "product": {
      const [a, b] = angle.factors;
      return angle.scale * (a.scale * inputs[row + a.index] + a.offset) *
        (b.scale * inputs[row + b.index] + b.offset);
    }
  }
}

/** Chain rule: adds `slope` (dL/dangle) times the derivative of the angle to the two gradients. */
export function addAngleGradient(
  angle: Angle,
  slope: number,
  { inputs, row, inputGradient, weightGradient }: {
    readonly inputs: ArrayLike<number>;
    readonly row: number;
    readonly inputGradient: Float64Array;
    readonly weightGradient: Float64Array;
  },
): void {
  switch (angle.kind) {
    case "const":
      return;
    case "input":
      inputGradient[row + angle.index] += slope * angle.scale;
      return;
    case "weight":
      weightGradient[angle.index] += slope * angle.scale;
      return;
    case "product": {
      const [a, b] = angle.factors;
      const first = a.scale * inputs[row + a.index] + a.offset;
      const second = b.scale * inputs[row + b.index] + b.offset;
      inputGradient[row + a.index] += slope * angle.scale * a.scale * second;
      inputGradient[row + b.index] += slope * angle.scale * b.scale * first;
    }
  }
}
