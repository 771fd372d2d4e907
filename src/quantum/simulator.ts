import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { CircuitArgs, Simulator, VjpArgs } from "./simulator_contract.ts";
import type { Circuit } from "./circuit.ts";
import { bestEngine } from "./engine/engine_module.ts";
import { WasmEngine } from "./engine/wasm_engine.ts";
import { StatevectorEngine } from "./statevector_engine.ts";

export type {
  CircuitArgs,
  CircuitGradients,
  FloatArray,
  Simulator,
  VjpArgs,
} from "./simulator_contract.ts";

/** Options of {@linkcode statevectorSimulator}. */
export interface StatevectorSimulatorOptions {
  /** How the state is stored and the results are returned. @default {"f32"} */
  readonly precision?: "f32" | "f64";
  readonly module?: "relaxed" | "plain" | "typescript";
}

/**
 * The fast simulator: a whole batch at a time, adjoint gradients of all inputs and weights in one
 * backward sweep, memory reused from call to call. Up to 22 wires.
 *
 * @returns a re-entrant {@linkcode Simulator}: synchronous, and no result shares memory with it
 * @throws {TypeError} for an unknown option
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, basicEntangler, composeCircuit, statevectorSimulator } from "@qsight/qsight/quantum";
 * const circuit = composeCircuit([angleEncoding(2), basicEntangler(2)]);
 * const { outputs, weights } = statevectorSimulator().vjp(circuit, {
 *   inputs: Float32Array.of(0.1, 0.2, 0.3, 0.4),
 *   weights: Float32Array.of(0.5, 0.6),
 *   batch: 2,
 *   cotangents: Float32Array.of(1, 0, 0, 1),
 * });
 * assert.deepEqual([outputs.length, weights.length], [4, 2]);
 * ```
 */
export function statevectorSimulator(options?: { readonly precision?: "f32" }): Simulator;
/** With 64-bit states and results. */
export function statevectorSimulator(
  options: { readonly precision: "f64" },
): Simulator<Float64Array>;
export function statevectorSimulator(
  options: StatevectorSimulatorOptions = {},
): Simulator | Simulator<Float64Array> {
  checkOptions("statevectorSimulator()", options, ["precision", "module"]);
  const { precision = "f32" } = options;
  if (precision !== "f32" && precision !== "f64") {
    const where = "statevectorSimulator()";
    throw new TypeError(unknownName(where, "precision", String(precision), ["f32", "f64"]));
  }
  const kind = options.module ?? bestEngine() ?? "typescript";
  const engine = kind === "typescript" ? new StatevectorEngine(precision) : new WasmEngine(precision, kind);
  return {
    name: "statevector",
    reentrant: true,
    gradientMethod: "adjoint",
    forward: (circuit: Circuit, args: CircuitArgs) => engine.forward(circuit, args),
    vjp: (circuit: Circuit, args: VjpArgs) => engine.vjp(circuit, args),
  } as Simulator;
}
