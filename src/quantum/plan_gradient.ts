import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { Circuit } from "./circuit.ts";
import { groupPaulis, type PauliGroup } from "./pauli_sum.ts";
import { checkShots } from "./pub.ts";
import type { GradientMethod, GradientOptions, SamplerRunOptions } from "./sampler_contract.ts";
import { checkArgs, type VjpArgs } from "./simulator_contract.ts";

/** A gradient that was checked and can be taken. */
export interface GradientPlan {
  readonly method: GradientMethod;
  readonly circuit: Circuit;
  readonly args: VjpArgs;
  /** Present when Pauli sums are differentiated in place of the circuit's observable. */
  readonly groups?: readonly PauliGroup[];
  /** Outputs of a sample. */
  readonly outputs: number;
  readonly run: SamplerRunOptions & { readonly shots: number | null };
  readonly step?: number;
}

const METHODS: readonly GradientMethod[] = ["adjoint", "parameter_shift", "finite_difference"];

/**
 * Decides how a gradient is taken.
 *
 * @throws {TypeError} for an unknown option or method, and for adjoint gradients of what cannot take them
 * @throws {RangeError} for wrong lengths and numbers that are not finite
 */
export function planGradient(circuit: Circuit, args: VjpArgs, { name, adjoint, options }: {
  readonly name: string;
  readonly adjoint: boolean;
  readonly options: GradientOptions;
}): GradientPlan {
  const where = "gradient()";
  checkOptions(where, args, ["inputs", "weights", "batch", "cotangents"]);
  checkOptions(where, options, ["method", "observables", "step", "shots", "seed", "callId"]);
  const { observables, step, shots: asked = null, seed, callId } = options;
  const shots = checkShots(where, asked);
  const { method = adjoint && shots === null ? "adjoint" : "parameter_shift" } = options;
  if (!METHODS.includes(method)) {
    throw new TypeError(unknownName(where, "method", String(method), METHODS));
  }
  if (method === "adjoint" && (!adjoint || shots !== null)) {
    throw new TypeError(
      `${where}: "adjoint" needs exact states, and ` +
        (shots === null ? `sampler "${name}" has none` : `${shots} shots are asked for`) +
        `; use method "parameter_shift"${shots === null ? "" : ", or shots: null"}`,
    );
  }
  if (step !== undefined && !(step > 0 && Number.isFinite(step))) {
    throw new RangeError(`${where}: step must be a number above 0, found ${step}`);
  }
  const outputs = observables?.length ?? circuit.outputs;
  checkArgs(where, { ...circuit, outputs }, args);
  const groups = observables && groupPaulis(where, observables, circuit.wires);
  return { method, circuit, args, groups, outputs, run: { shots, seed, callId }, step };
}
