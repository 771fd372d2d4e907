import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { bestEngine, canRunEngine } from "./engine/engine_module.ts";
import { WasmEngine } from "./engine/wasm_engine.ts";
import type { CircuitArgs, FloatArray, Simulator, VjpArgs } from "./simulator_contract.ts";
import type { Circuit } from "./circuit.ts";
import { noteThreadCopy } from "./thread_copies.ts";
import { StatevectorEngine } from "./statevector_engine.ts";
import type { StatevectorModule, StatevectorSimulatorOptions } from "./simulator_options.ts";

export type {
  CircuitArgs,
  CircuitGradients,
  FloatArray,
  Simulator,
  VjpArgs,
} from "./simulator_contract.ts";

/** What {@linkcode statevectorSimulator} returns. */
export interface StatevectorSimulator<A extends FloatArray = Float32Array> extends Simulator<A> {
  /** What runs it. */
  readonly module: StatevectorModule;
  /** Ends the threads, which do not keep the process alive; later calls run on one. */
  close(): void;
}

/**
 * The fast simulator: a whole batch at a time, adjoint gradients of all inputs and weights in one
 * backward sweep, memory reused from call to call. Up to 24 wires, as memory allows (22 in
 * TypeScript).
 *
 * @returns a re-entrant {@linkcode Simulator}: synchronous, and no result shares memory with it
 * @throws {TypeError} for an unknown option or module
 * @throws {RangeError} for a module that this runtime cannot run, or a number of workers below 1
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
export function statevectorSimulator(
  options?: StatevectorSimulatorOptions & { readonly precision?: "f32" },
): StatevectorSimulator;
/** With 64-bit states and results. */
export function statevectorSimulator(
  options: StatevectorSimulatorOptions & { readonly precision: "f64" },
): StatevectorSimulator<Float64Array>;
export function statevectorSimulator(
  options: StatevectorSimulatorOptions = {},
): StatevectorSimulator | StatevectorSimulator<Float64Array> {
  const where = "statevectorSimulator()";
  checkOptions(where, options, ["precision", "module", "workers"]);
  const { precision = "f32", module = bestEngine() ?? "typescript", workers = 1 } = options;
  if (precision !== "f32" && precision !== "f64") {
    throw new TypeError(unknownName(where, "precision", String(precision), ["f32", "f64"]));
  }
  checkModule(where, module);
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`${where}: workers must be a whole number from 1, found ${workers}`);
  }
  if (module === "typescript" && workers > 1) {
    throw new RangeError(
      `${where}: module "typescript" has one thread, found workers: ${workers}; leave workers out`,
    );
  }
  const engine = module === "typescript"
    ? new StatevectorEngine(precision)
    : new WasmEngine({ precision, module, workers });
  const made = {
    name: "statevector",
    reentrant: true,
    gradientMethod: "adjoint",
    module,
    forward: (circuit: Circuit, args: CircuitArgs) => engine.forward(circuit, args),
    vjp: (circuit: Circuit, args: VjpArgs) => engine.vjp(circuit, args),
    close: () => {
      if (engine instanceof WasmEngine) engine.close();
    },
  } as StatevectorSimulator;
  // Where the copies are, other threads compute already: one each.
  return noteThreadCopy(made, precision === "f32" ? { module } : undefined);
}

function checkModule(where: string, module: StatevectorModule): void {
  const known = ["relaxed", "plain", "typescript"] as const;
  if (!known.includes(module)) {
    throw new TypeError(unknownName(where, "module", String(module), known));
  }
  if (module !== "typescript" && !canRunEngine(module)) {
    throw new RangeError(
      `${where}: this runtime cannot run module "${module}"; leave module out to have the best it can`,
    );
  }
}
