import type { KernelFunc, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs";
import type { Tensor, Tf } from "../tf.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend, type WasmKernel } from "./wasm_heap.ts";

/** Of this project: TensorFlow.js has no kernel for it. */
const NAME = "AdamStep";

/** A variable with its moments and gradient, all of one shape. */
export interface AdamInputs {
  readonly gradient: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
  readonly value: Tensor;
}

/** Numbers of a step of Adam. */
export interface AdamRates {
  readonly beta1: number;
  readonly beta2: number;
  /** What the moments are divided by: 1 − βⁿ after n steps. */
  readonly correction1: number;
  readonly correction2: number;
  readonly learningRate: number;
  readonly epsilon: number;
  /** What the value is multiplied by before it moves. @default {1} */
  readonly kept?: number;
}

/**
 * The next moments and value of a variable by Adam (Kingma and Ba, 2014), as new tensors: on wasm in
 * one pass, elsewhere of operations of TensorFlow.js.
 */
export function adamStep(
  tf: Tf,
  inputs: AdamInputs,
  rates: AdamRates,
): Omit<AdamInputs, "gradient"> {
  if (tf.getBackend() === "wasm") {
    const [first, second, value] = tf.engine().runKernel(
      NAME,
      {
        gradient: inputs.gradient,
        first: inputs.first,
        second: inputs.second,
        value: inputs.value,
      },
      rates as unknown as NamedAttrMap,
    ) as unknown as Tensor[];
    return { first, second, value };
  }
  const { gradient } = inputs;
  const { beta1, beta2, kept = 1 } = rates;
  const first = inputs.first.mul(beta1).add(gradient.mul(1 - beta1));
  const second = inputs.second.mul(beta2).add(gradient.square().mul(1 - beta2));
  const down = second.div(rates.correction2).sqrt().add(rates.epsilon);
  const step = first.div(rates.correction1).div(down);
  const shrunk = kept === 1 ? inputs.value : inputs.value.mul(kept);
  return { first, second, value: shrunk.sub(step.mul(rates.learningRate)) };
}

/**
 * That step on wasm. The results are new tensors: the backend keeps packed copies of weights by
 * tensor, and would go on with the old ones if they changed in place.
 */
export function adamKernel(): WasmKernel {
  const kernelFunc = (({ inputs, backend, attrs }) => {
    const { gradient, first, second, value } = inputs as unknown as Record<string, TensorInfo>;
    const { beta1, beta2, kept = 1, ...rates } = attrs as unknown as AdamRates;
    const heap = backend as unknown as WasmBackend;
    const results = [0, 1, 2].map(() => heap.makeOutput(value.shape, "float32"));
    simdKernels(heap).adam(
      ...[gradient, first, second, value, ...results].map((tensor) => address(heap, tensor)),
      value.shape.reduce((a, b) => a * b, 1),
      ...[beta1, 1 - beta1, beta2, 1 - beta2, rates.correction1, rates.correction2],
      ...[rates.learningRate, rates.epsilon, kept],
    );
    return results;
  }) as KernelFunc;
  return { kernelName: NAME, backendName: "wasm", kernelFunc };
}
