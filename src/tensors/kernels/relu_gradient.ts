import type { GradConfig, KernelFunc, Tensor, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend, type WasmKernel } from "./wasm_heap.ts";

/** Of this project: TensorFlow.js has no kernel for it. */
const NAME = "ReluGrad";

/** dx = dy where x is positive, in one pass. */
export function reluGradientKernel(): WasmKernel {
  const kernelFunc = (({ inputs, backend }) => {
    const { dy, x } = inputs as unknown as { dy: TensorInfo; x: TensorInfo };
    const heap = backend as unknown as WasmBackend;
    const dx = heap.makeOutput(x.shape, "float32");
    const size = x.shape.reduce((a, b) => a * b, 1);
    simdKernels(heap).reluGradient(...[dy, x, dx].map((tensor) => address(heap, tensor)), size);
    return dx;
  }) as KernelFunc;
  return { kernelName: NAME, backendName: "wasm", kernelFunc };
}

/**
 * The gradient of `Relu`: on wasm by that kernel, which is its own gradient. It saves the result, not
 * the input as TensorFlow.js does: both are positive at the same places, and what follows keeps the
 * result anyway, so that the input is free after the forward pass.
 */
export function reluGradients(tf: Tf): GradConfig[] {
  const brought = tf.getGradient("Relu");
  const gradFunc =
    ((dy: Tensor, saved: Tensor[], attrs: Parameters<typeof brought.gradFunc>[2]) => {
      const [y] = saved;
      if (tf.getBackend() !== "wasm" || dy.dtype !== "float32" || y.dtype !== "float32") {
        return brought.gradFunc(dy, saved, attrs);
      }
      return { x: () => tf.engine().runKernel(NAME, { dy, x: y }) as Tensor };
    }) as GradConfig["gradFunc"];
  const again = ((ddx: Tensor, [x]: Tensor[]) => ({
    dy: () => tf.engine().runKernel(NAME, { dy: ddx, x }) as Tensor,
    x: () => tf.zerosLike(x),
  })) as unknown as GradConfig["gradFunc"];
  const first = { ...brought, inputsToSave: [], outputsToSave: [true], gradFunc };
  return [first, { kernelName: NAME, inputsToSave: ["x"], gradFunc: again }];
}
