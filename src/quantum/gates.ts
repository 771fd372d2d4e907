/** The name of a gate. */
export type GateName =
  | "h"
  | "x"
  | "y"
  | "z"
  | "s"
  | "t"
  | "sx"
  | "rx"
  | "ry"
  | "rz"
  | "p"
  | "cx"
  | "cy"
  | "cz"
  | "crx"
  | "cry"
  | "crz"
  | "cp"
  | "swap"
  | "rxx"
  | "ryy"
  | "rzz"
  | "u"
  | "ch"
  | "ccx"
  | "unitary";

/** What a gate takes. */
export interface GateDescription {
  /** On how many wires it acts; a matrix on one or on two. */
  readonly wires: 1 | 2 | 3 | readonly [1, 2];
  /** Whether it takes an angle. */
  readonly angle: boolean;
  /** How many angles it takes, if not one. @default 1 or 0 */
  readonly angles?: 3;
  /** Whether it takes a matrix. @default {false} */
  readonly matrix?: true;
}

const fixed1 = { wires: 1, angle: false } as const;
const turned1 = { wires: 1, angle: true } as const;
const fixed2 = { wires: 2, angle: false } as const;
const turned2 = { wires: 2, angle: true } as const;

/**
 * Every gate with the number of wires and whether it takes an angle. Conventions are those of
 * Qiskit: `rx ry rz rxx ryy rzz` are exp(-i θ/2 P), `p` is diag(1, e^iθ), a controlled gate has its
 * control first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { GATES } from "@qsight/qsight/quantum";
 * assert.deepEqual(GATES.crz, { wires: 2, angle: true });
 * ```
 */
export const GATES: Readonly<Record<GateName, GateDescription>> = Object.freeze({
  h: fixed1,
  x: fixed1,
  y: fixed1,
  z: fixed1,
  s: fixed1,
  t: fixed1,
  sx: fixed1,
  rx: turned1,
  ry: turned1,
  rz: turned1,
  p: turned1,
  cx: fixed2,
  cy: fixed2,
  cz: fixed2,
  crx: turned2,
  cry: turned2,
  crz: turned2,
  cp: turned2,
  swap: fixed2,
  rxx: turned2,
  ryy: turned2,
  rzz: turned2,
  u: { wires: 1, angle: false, angles: 3 },
  ch: fixed2,
  ccx: { wires: 3, angle: false },
  unitary: { wires: [1, 2], angle: false, matrix: true },
});
