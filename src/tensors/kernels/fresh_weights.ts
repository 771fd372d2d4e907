import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import { address, type WasmBackend, type WasmKernel } from "./wasm_heap.ts";

/** By the numbers of a second operand, the shape with which the library behind wasm packed them. */
const packed = new WeakMap<TensorInfo["dataId"], string>();

/**
 * A matrix product of the wasm backend that gets numbers it has not seen in another shape. The
 * library packs the second operand once for each set of numbers, and does not look at the shape
 * again: reshaped, as gradients have it, they would be read as before, and the result written as
 * large as before.
 */
export function freshWeights(brought: WasmKernel): WasmKernel {
  const kernelFunc = ((args) => {
    const { b } = args.inputs as unknown as { b: TensorInfo };
    const { transposeB } = args.attrs as unknown as { transposeB: boolean };
    const shape = `${b.shape} ${transposeB}`;
    const before = packed.get(b.dataId);
    if (before === undefined || before === shape) {
      packed.set(b.dataId, shape);
      return brought.kernelFunc(args);
    }
    const heap = args.backend as unknown as WasmBackend;
    const copy = heap.makeOutput(b.shape, b.dtype);
    const from = address(heap, b), bytes = 4 * b.shape.reduce((size, axis) => size * axis, 1);
    heap.wasm.HEAPU8.copyWithin(address(heap, copy), from, from + bytes);
    try {
      return brought.kernelFunc({ ...args, inputs: { ...args.inputs, b: copy } });
    } finally {
      heap.disposeData(copy.dataId);
    }
  }) as KernelFunc;
  return { ...brought, kernelFunc };
}
