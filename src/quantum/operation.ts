import type { Angle } from "./angle.ts";
import type { Matrix } from "./gate_matrix.ts";
import type { GateName } from "./gates.ts";

/** One gate on its wires; a controlled gate has its control first. */
export interface Operation {
  /** Which gate. */
  readonly gate: GateName;
  /** As many different wires as the gate acts on. */
  readonly wires: readonly number[];
  /** Present exactly when the gate takes one. */
  readonly angle?: Angle;
  /** Present exactly for `u`: θ, φ, λ. */
  readonly angles?: readonly Angle[];
  /** Present exactly for `unitary`. */
  readonly matrix?: Matrix;
}

/** An operation as one writes it: a plain number is a constant angle in radians. */
export interface OperationDeclaration {
  /** Which gate. */
  readonly gate: GateName;
  /** As many different wires as the gate acts on. */
  readonly wires: readonly number[];
  /** For gates that take one, and only for those. */
  readonly angle?: Angle | number;
  /** For `u`, and only for it: θ, φ, λ. */
  readonly angles?: readonly (Angle | number)[];
  /** For `unitary`, and only for it: row by row, the first wire as the more significant bit. */
  readonly matrix?: Matrix;
}

/** All angles of an operation. */
export function anglesOf({ angle, angles = [] }: Operation): readonly Angle[] {
  return angle === undefined ? angles : [angle];
}
