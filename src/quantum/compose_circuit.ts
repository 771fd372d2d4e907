import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { AffineInput, Angle } from "./angle.ts";
import { type Circuit, defineCircuit, type Observable } from "./circuit.ts";

/** Options of {@linkcode composeCircuit}. */
export interface ComposeCircuitOptions {
  /**
   * `"shared"`: every part reads the same input row (data re-uploading); `"separate"`: the rows of
   * the parts stand side by side. Weights are always separate. @default {"shared"}
   */
  readonly inputs?: "shared" | "separate";
  /** What is measured at the end. @default the observable of the last part */
  readonly observable?: Observable;
}

/**
 * Puts circuits one after the other on the same wires.
 *
 * @throws {RangeError} when there is no part or their numbers of wires differ
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, basicEntangler, composeCircuit } from "@qsight/qsight/quantum";
 * const circuit = composeCircuit([angleEncoding(4), basicEntangler(4, { layers: 2 })]);
 * assert.deepEqual([circuit.inputs, circuit.weights, circuit.outputs], [4, 8, 4]);
 * ```
 */
export function composeCircuit(
  parts: readonly Circuit[],
  options: ComposeCircuitOptions = {},
): Circuit {
  checkOptions("composeCircuit()", options, ["inputs", "observable"]);
  const last = parts.at(-1);
  if (last === undefined) throw new RangeError("composeCircuit(): no parts; give at least one");
  const { inputs: sharing = "shared" } = options;
  if (sharing !== "shared" && sharing !== "separate") {
    throw new TypeError(
      unknownName("composeCircuit()", "inputs", String(sharing), ["shared", "separate"]),
    );
  }
  const shared = sharing === "shared";
  let inputs = 0, weights = 0;
  const operations = parts.flatMap((part, i) => {
    if (part.wires !== last.wires) {
      throw new RangeError(
        `composeCircuit(): part ${i} has ${part.wires} wires and the last has ${last.wires}; ` +
          "define all on the same wires",
      );
    }
    const shift = { input: shared ? 0 : inputs, weight: weights };
    inputs = shared ? Math.max(inputs, part.inputs) : inputs + part.inputs;
    weights += part.weights;
    return part.operations.map((operation) => ({
      ...operation,
      ...(operation.angle && { angle: shiftAngle(operation.angle, shift) }),
      ...(operation.angles && {
        angles: operation.angles.map((angle) => shiftAngle(angle, shift)),
      }),
    }));
  });
  const observable = options.observable ?? last.observable;
  return defineCircuit({ wires: last.wires, operations, inputs, weights, observable });
}

function shiftAngle(angle: Angle, by: { readonly input: number; readonly weight: number }): Angle {
  const move = (factor: AffineInput) => ({ ...factor, index: factor.index + by.input });
  switch (angle.kind) {
    case "const":
      return angle;
    case "input":
      return { ...angle, index: angle.index + by.input };
    case "weight":
      return { ...angle, index: angle.index + by.weight };
    case "product":
      return { ...angle, factors: [move(angle.factors[0]), move(angle.factors[1])] };
  }
}
