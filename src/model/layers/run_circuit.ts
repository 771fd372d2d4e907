import type { Circuit } from "../../quantum/circuit.ts";
import { statevectorSimulator } from "../../quantum/simulator.ts";
import type { CircuitArgs, CircuitGradients, Simulator } from "../../quantum/simulator_contract.ts";
import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import { circuitOps } from "./circuit_ops.ts";
import type { CircuitTensors } from "./circuit_tensors.ts";

let simulatorHere: Simulator | undefined;

/** What runs circuits when nothing else was given; one for all, as its memory is reused. */
export function defaultSimulator(): Simulator {
  return simulatorHere ??= statevectorSimulator();
}

/** Whether the backend reads values only after the step, so that no simulator can be asked in it. */
export function readsLater(tf: Tf): boolean {
  return tf.getBackend() === "webgpu";
}

/** A circuit on tensors, differentiable in both. */
export function differentiableCircuit(
  tf: Tf,
  { circuit, simulator }: { readonly circuit: Circuit; readonly simulator: Simulator },
  { inputs, weights }: CircuitTensors,
): Tensor2D {
  const { outputs } = circuit;
  const batch = inputs.shape[0];
  if (readsLater(tf)) {
    if (simulator === defaultSimulator()) return circuitOps(tf, circuit, { inputs, weights });
    throw new Error(
      `A circuit on simulator "${simulator.name}" reads its numbers within the step, which WebGPU ` +
        'cannot do; leave the simulator out, or openTensors({ prefer: "wasm" })',
    );
  }
  const run = tf.customGrad((...args: unknown[]) => {
    const [inputs, weights, save] = args as [Tensor, Tensor, (tensors: Tensor[]) => void];
    save([inputs, weights]);
    const read = { inputs: numbers(inputs), weights: numbers(weights), batch };
    return {
      value: tf.tensor2d(forward(simulator, circuit, read), [batch, outputs]),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const gradients = vjp(simulator, circuit, {
          inputs: numbers(saved[0]),
          weights: numbers(saved[1]),
          batch,
          cotangents: numbers(dy),
        });
        return [
          tf.tensor2d(gradients.inputs, [batch, circuit.inputs]),
          tf.tensor1d(gradients.weights),
        ];
      },
    };
  });
  return run(inputs, weights) as Tensor2D;
}

function numbers(tensor: Tensor): Float32Array {
  return tensor.dataSync() as Float32Array;
}

// Simulators refuse angles that are no numbers. Like every layer, this one answers NaN to NaN: the
// training then says which loss, stage and batch it was.

function forward(simulator: Simulator, circuit: Circuit, args: CircuitArgs): Float32Array {
  return allFinite(args)
    ? simulator.forward(circuit, args)
    : new Float32Array(args.batch * circuit.outputs).fill(NaN);
}

function vjp(
  simulator: Simulator,
  circuit: Circuit,
  args: CircuitArgs & { readonly cotangents: Float32Array },
): Pick<CircuitGradients, "inputs" | "weights"> {
  if (allFinite(args) && args.cotangents.every(Number.isFinite)) {
    return simulator.vjp(circuit, args);
  }
  return {
    inputs: new Float32Array(args.inputs.length).fill(NaN),
    weights: new Float32Array(args.weights.length).fill(NaN),
  };
}

function allFinite({ inputs, weights }: CircuitArgs): boolean {
  return inputs.every(Number.isFinite) && weights.every(Number.isFinite);
}
