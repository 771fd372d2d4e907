import type { Tf } from "../tf.ts";
import { conv2dFilterGradient } from "./conv2d_filter_gradient.ts";
import type { WasmKernel } from "./wasm_heap.ts";

/** The kernels that complete the wasm backend for training. */
export function wasmKernels(tf: Tf): WasmKernel[] {
  return [conv2dFilterGradient(tf)];
}

const completed = new WeakSet<Tf>();

/** Registers {@linkcode wasmKernels} once, in place of those the wasm backend brings. */
export function installWasmKernels(tf: Tf): void {
  if (completed.has(tf)) return;
  for (const kernel of wasmKernels(tf)) {
    if (tf.getKernel(kernel.kernelName, "wasm") !== undefined) {
      tf.unregisterKernel(kernel.kernelName, "wasm");
    }
    tf.registerKernel(kernel);
  }
  completed.add(tf);
}
