import { type Angle, dependsOnInput } from "./angle.ts";
import type { Matrix } from "./gate_matrix.ts";

/** `constant` plus angles of the circuit times factors, in radians. */
export interface AngleSum {
  constant: number;
  readonly terms: { readonly slot: number; factor: number }[];
}

/** exp(-i θ/2 P) for a Pauli string P that flips bits, on the rows that the control admits. */
export interface FlipStep {
  readonly kind: "flip";
  readonly flip: number;
  readonly mask: number;
  /** Whether -iP is real: re turns with re; otherwise re turns with im. */
  readonly real: boolean;
  /** 0 when there is no control. */
  readonly controlMask: number;
  readonly controlParity: number;
  readonly angle: AngleSum;
}

/** A product of exp(-i θ/2 Z…Z): one phase per row. */
export interface DiagonalStep {
  readonly kind: "diagonal";
  readonly terms: { readonly mask: number; readonly angle: AngleSum }[];
}

/** A fixed matrix on two wires, which no Pauli rotations stand for. */
export interface DenseStep {
  readonly kind: "dense";
  /** 4x4, the first wire as the more significant bit. */
  readonly matrix: Matrix;
  /** What an X on each wire flips, and what its bit is read from. */
  readonly flips: readonly [number, number];
  readonly masks: readonly [number, number];
  /** Whether the bit is the opposite of the parity of row and mask. */
  readonly inverted: readonly [number, number];
}

export type Step = FlipStep | DiagonalStep | DenseStep;

/** A circuit as Pauli rotations on rows. */
export interface CircuitPlan {
  readonly wires: number;
  /** The distinct angles that are not constant. */
  readonly slots: readonly Angle[];
  /** Rotations that only spread |0…0>: each doubles the rows that are not zero. */
  readonly spread: readonly FlipStep[];
  /** The rows that are not zero after `spread`; row `i + 2 ** k` is row `i` flipped by step k. */
  readonly spreadRows: Int32Array;
  readonly steps: readonly Step[];
  /** For each row the basis state that it stands for. */
  readonly places: Int32Array;
}

/** Whether a sum is the same for every sample. */
export function isShared(sum: AngleSum, slots: readonly Angle[]): boolean {
  return sum.terms.every(({ slot }) => !dependsOnInput(slots[slot]));
}
