import type { FloatArray } from "./simulator_contract.ts";

/**
 * Numbers with a shape: nested arrays say it themselves. A flat typed array is one row, or as many
 * rows as fit into it.
 */
export type NumberTree = FloatArray | readonly number[] | readonly NumberTree[];

/** Rows of equal width in an array of any rank. */
export interface Rows {
  /** Of the rows, without their width; `[]` is a single row. */
  readonly shape: readonly number[];
  /** `[...shape, width]`, row by row. */
  readonly data: Float64Array;
}

/**
 * Reads rows of `width` numbers.
 *
 * @throws {RangeError} for a ragged array, or rows of another width
 */
export function toRows(where: string, values: NumberTree | undefined, width: number): Rows {
  if (values === undefined || (width === 0 && lengthOf(values) === 0)) {
    if (width === 0) return { shape: [], data: new Float64Array(0) };
    throw new RangeError(`${where}: missing, wanted rows of ${width} numbers`);
  }
  if (isTyped(values)) return typedRows(where, values, width);
  const shape = shapeOf(where, values);
  if (shape.at(-1) !== width) {
    throw new RangeError(
      `${where}: the last axis has ${shape.at(-1)} numbers, the circuit takes ${width}; ` +
        "give one row, or nest several as [[…], […]]",
    );
  }
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
  let at = 0;
  const fill = (tree: NumberTree | number) => {
    if (typeof tree === "number") data[at++] = tree;
    else if (isTyped(tree)) {
      data.set(tree, at);
      at += tree.length;
    } else tree.forEach(fill);
  };
  fill(values);
  return { shape: shape.slice(0, -1), data };
}

function typedRows(where: string, values: FloatArray, width: number): Rows {
  const count = width === 0 ? NaN : values.length / width;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `${where} has ${values.length} numbers, wanted rows of ${width}; ` +
        "pass one flat array, row by row",
    );
  }
  return { shape: count === 1 ? [] : [count], data: Float64Array.from(values) };
}

function isTyped(values: unknown): values is FloatArray {
  return values instanceof Float32Array || values instanceof Float64Array;
}

function lengthOf(values: NumberTree): number {
  return Array.isArray(values) || isTyped(values) ? values.length : NaN;
}

function shapeOf(where: string, tree: NumberTree | number): number[] {
  if (typeof tree === "number") return [];
  if (isTyped(tree)) return [tree.length];
  if (!Array.isArray(tree)) {
    throw new TypeError(`${where} must be an array of numbers or a typed array, found ${tree}`);
  }
  const [first = [], ...others] = tree.map((child) => shapeOf(where, child));
  if (others.some((shape) => shape.join() !== first.join())) {
    throw new RangeError(`${where}: the rows differ in length; give an array without gaps`);
  }
  return [tree.length, ...first];
}

/**
 * The common shape by NumPy's rule: axes from the right are equal, 1 or missing.
 *
 * @throws {RangeError} when there is none
 */
export function broadcastShape(where: string, shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const size = sizes.find((one) => one !== 1) ?? 1;
    if (sizes.every((one) => one === 1 || one === size)) return size;
    const found = shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");
    throw new RangeError(
      `${where}: shapes ${found} do not go together; axes from the right must be equal or 1`,
    );
  });
}

/** For each place of `shape`, in order, the place of an array of shape `from` that stands there. */
export function broadcastIndices(shape: readonly number[], from: readonly number[]): Int32Array {
  const size = shape.reduce((a, b) => a * b, 1);
  const indices = new Int32Array(size);
  let block = size, stride = from.reduce((a, b) => a * b, 1);
  shape.forEach((length, axis) => {
    block /= length;
    const own = from[axis - shape.length + from.length];
    if (own === undefined) return;
    stride /= own;
    if (own === 1) return;
    for (let i = 0; i < size; i++) indices[i] += (Math.floor(i / block) % length) * stride;
  });
  return indices;
}

/** The rows that stand at `indices`, one after the other. */
export function takeRows(data: Float64Array, width: number, indices: ArrayLike<number>) {
  const out = new Float64Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    out.set(data.subarray(indices[i] * width, (indices[i] + 1) * width), i * width);
  }
  return out;
}
