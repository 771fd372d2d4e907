import type { ConvolutionKernels } from "./convolution.ts";
import { simdConvolution } from "./simd_convolution.ts";
import type { WasmBackend } from "./wasm_heap.ts";

const chosen = new WeakMap<WasmBackend, ConvolutionKernels>();

/** What computes convolutions on a backend: the SIMD kernels, unless others were set. */
export function convolutionKernels(backend: WasmBackend): ConvolutionKernels {
  const found = chosen.get(backend) ?? simdConvolution(backend);
  chosen.set(backend, found);
  return found;
}

/** Lets others compute convolutions on a backend; undefined brings the SIMD kernels back. */
export function setConvolutionKernels(
  backend: WasmBackend,
  kernels: ConvolutionKernels | undefined,
): void {
  if (kernels === undefined) chosen.delete(backend);
  else chosen.set(backend, kernels);
}
