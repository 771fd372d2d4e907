import { checkOptions } from "../_internal/check_options.ts";
import { referenceSimulator } from "./reference_simulator.ts";
import type { Simulator } from "./simulator_contract.ts";

/** Options of {@linkcode statevectorSimulator}. */
export interface StatevectorSimulatorOptions {
  /** How the state is stored and the results are returned. @default {"f32"} */
  readonly precision?: "f32" | "f64";
}

export function statevectorSimulator(options?: { readonly precision?: "f32" }): Simulator;
export function statevectorSimulator(
  options: { readonly precision: "f64" },
): Simulator<Float64Array>;
export function statevectorSimulator(
  options: StatevectorSimulatorOptions = {},
): Simulator | Simulator<Float64Array> {
  checkOptions("statevectorSimulator()", options, ["precision"]);
  const inner = referenceSimulator();
  if (options.precision === "f64") return inner;
  return {
    name: "statevector",
    reentrant: true,
    forward: (circuit, args) => Float32Array.from(inner.forward(circuit, args)),
    vjp: (circuit, args) => {
      const { outputs, inputs, weights } = inner.vjp(circuit, args);
      return {
        outputs: Float32Array.from(outputs),
        inputs: Float32Array.from(inputs),
        weights: Float32Array.from(weights),
      };
    },
  };
}
