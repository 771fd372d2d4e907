import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { inputAngle, productAngle, weightAngle } from "./angle.ts";
import { type Circuit, defineCircuit, type OperationDeclaration } from "./circuit.ts";

/** A rotation about one axis. */
export type Rotation = "rx" | "ry" | "rz";

/** Options of {@linkcode angleEncoding}. */
export interface AngleEncodingOptions {
  /** `"rz"` does nothing to |0> unless another gate went before. @default {"ry"} */
  readonly rotation?: Rotation;
  /** Radians per unit of input. @default {1} */
  readonly scale?: number;
  /** Radians added. @default {0} */
  readonly offset?: number;
}

/**
 * One rotation per wire by one input each (PennyLane's AngleEmbedding; there X is the default).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding } from "@qsight/qsight/quantum";
 * const circuit = angleEncoding(3, { rotation: "rx", scale: Math.PI });
 * assert.deepEqual([circuit.inputs, circuit.weights, circuit.operations.length], [3, 0, 3]);
 * ```
 */
export function angleEncoding(wires: number, options: AngleEncodingOptions = {}): Circuit {
  checkOptions("angleEncoding()", options, ["rotation", "scale", "offset"]);
  const { rotation = "ry", scale = 1, offset = 0 } = options;
  const gate = oneOf("angleEncoding()", "rotation", rotation, ROTATIONS);
  const operations = range(wires).map((i) => ({
    gate,
    wires: [i],
    angle: inputAngle(i, { scale, offset }),
  }));
  return defineCircuit({ wires, operations });
}

/** Options of {@linkcode zzFeatureMap}. */
export interface ZZFeatureMapOptions {
  /** Repetitions of the whole map. @default {2} */
  readonly reps?: number;
}

/**
 * The second-order Pauli-Z map of Havlíček et al. (Nature 567, 2019) in Qiskit's convention with
 * full entanglement: H and P(2 x_i) on each wire, then for each pair i < j a CX, P(2 (π - x_i)(π - x_j))
 * on j, and the CX again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { zzFeatureMap } from "@qsight/qsight/quantum";
 * assert.equal(zzFeatureMap(3, { reps: 1 }).operations.length, 3 + 3 + 3 * 3);
 * ```
 */
export function zzFeatureMap(wires: number, options: ZZFeatureMapOptions = {}): Circuit {
  checkOptions("zzFeatureMap()", options, ["reps"]);
  const reps = whole("zzFeatureMap()", "reps", options.reps ?? 2);
  const away = (i: number) => inputAngle(i, { scale: -1, offset: Math.PI });
  const one: OperationDeclaration[] = [
    ...range(wires).map((i): OperationDeclaration => ({ gate: "h", wires: [i] })),
    ...range(wires).map((i): OperationDeclaration => ({
      gate: "p",
      wires: [i],
      angle: inputAngle(i, { scale: 2 }),
    })),
    ...pairs(wires).flatMap(([i, j]): OperationDeclaration[] => [
      { gate: "cx", wires: [i, j] },
      { gate: "p", wires: [j], angle: productAngle([away(i), away(j)], { scale: 2 }) },
      { gate: "cx", wires: [i, j] },
    ]),
  ];
  return defineCircuit({ wires, inputs: wires, operations: range(reps).flatMap(() => one) });
}

/** Which pairs of wires a layer entangles. */
export type Entanglement = "reverse_linear" | "linear" | "full" | "ring";

/** Options of {@linkcode realAmplitudes}. */
export interface RealAmplitudesOptions {
  /** Entangling layers; there is one rotation layer more. @default {3} */
  readonly reps?: number;
  /** `"ring"` is what Qiskit calls circular. @default {"reverse_linear"} */
  readonly entanglement?: Entanglement;
}

/**
 * Qiskit's RealAmplitudes: RY on each wire, then CX gates, `reps` times, and RY once more. Weights
 * layer by layer, wire by wire: `wires * (reps + 1)`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { realAmplitudes } from "@qsight/qsight/quantum";
 * assert.equal(realAmplitudes(4, { reps: 2 }).weights, 12);
 * ```
 */
export function realAmplitudes(wires: number, options: RealAmplitudesOptions = {}): Circuit {
  checkOptions("realAmplitudes()", options, ["reps", "entanglement"]);
  const reps = whole("realAmplitudes()", "reps", options.reps ?? 3);
  const entanglement = oneOf(
    "realAmplitudes()",
    "entanglement",
    options.entanglement ?? "reverse_linear",
    ["reverse_linear", "linear", "full", "ring"],
  );
  const rotations = (layer: number) =>
    range(wires).map((i): OperationDeclaration => ({
      gate: "ry",
      wires: [i],
      angle: weightAngle(layer * wires + i),
    }));
  const entangle = entangledPairs(wires, entanglement).map((pair): OperationDeclaration => ({
    gate: "cx",
    wires: pair,
  }));
  const operations = range(reps).flatMap((layer) => [...rotations(layer), ...entangle]);
  return defineCircuit({ wires, operations: [...operations, ...rotations(reps)] });
}

/** Options of {@linkcode basicEntangler}. */
export interface BasicEntanglerOptions {
  /** Repetitions of rotations and ring. @default {1} */
  readonly layers?: number;
  /** Applied to each wire in this order; `["rz", "ry", "rz"]` is any rotation. @default {["rx"]} */
  readonly rotations?: readonly Rotation[];
}

/**
 * PennyLane's BasicEntanglerLayers: in each layer a rotation per wire, then a ring of CX gates
 * i → i+1 (two wires: one CX; one wire: none). Weights by layer, wire, rotation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { basicEntangler } from "@qsight/qsight/quantum";
 * assert.equal(basicEntangler(4, { layers: 3, rotations: ["ry", "rz"] }).weights, 24);
 * ```
 */
export function basicEntangler(wires: number, options: BasicEntanglerOptions = {}): Circuit {
  checkOptions("basicEntangler()", options, ["layers", "rotations"]);
  const layers = whole("basicEntangler()", "layers", options.layers ?? 1);
  const rotations = (options.rotations ?? ["rx"]).map((rotation) =>
    oneOf("basicEntangler()", "rotation", rotation, ROTATIONS)
  );
  const ring = wires === 2 ? [[0, 1]] : wires < 2 ? [] : range(wires).map((i) => [
    i,
    (i + 1) % wires,
  ]);
  let next = 0;
  const operations = range(layers).flatMap(() => [
    ...range(wires).flatMap((i) =>
      rotations.map((gate): OperationDeclaration => ({
        gate,
        wires: [i],
        angle: weightAngle(next++),
      }))
    ),
    ...ring.map((pair): OperationDeclaration => ({ gate: "cx", wires: pair })),
  ]);
  return defineCircuit({ wires, operations });
}

const ROTATIONS = ["rx", "ry", "rz"] as const;

function entangledPairs(wires: number, kind: Entanglement): [number, number][] {
  const linear = range(Math.max(0, wires - 1)).map((i): [number, number] => [i, i + 1]);
  if (kind === "linear") return linear;
  if (kind === "reverse_linear") return linear.reverse();
  if (kind === "full") return pairs(wires);
  return wires > 2 ? [[wires - 1, 0], ...linear] : linear;
}

function pairs(wires: number): [number, number][] {
  return range(wires).flatMap((i) =>
    range(wires - i - 1).map((k): [number, number] => [i, i + 1 + k])
  );
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function oneOf<T extends string>(
  where: string,
  what: string,
  value: T,
  known: readonly T[],
): T {
  if (known.includes(value)) return value;
  throw new TypeError(unknownName(where, what, String(value), known));
}

function whole(where: string, what: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`${where}: ${what} must be a whole number from 0, found ${value}`);
}
