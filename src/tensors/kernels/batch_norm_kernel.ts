import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { heapFloats } from "./heap_numbers.ts";
import { heapScratch } from "./heap_scratch.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend, type WasmKernel } from "./wasm_heap.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly offset?: TensorInfo | null;
  readonly scale?: TensorInfo | null;
}

/** `FusedBatchNorm` with a number for each channel; the backend's own does the rest. */
export function batchNormKernel(tf: Tf): WasmKernel {
  const brought = tf.getKernel("FusedBatchNorm", "wasm");
  const kernelFunc = ((args) => {
    const inputs = args.inputs as unknown as Inputs;
    const { x, mean, variance, offset, scale } = inputs;
    const channels = x.shape.at(-1) ?? 0;
    const size = x.shape.reduce((a, b) => a * b, 1);
    const plain = [mean, variance, offset, scale].every((given) =>
      given === undefined || given === null || given.shape.join() === String(channels)
    );
    if (!plain || size === 0 || x.dtype !== "float32") return brought.kernelFunc(args);
    const { varianceEpsilon } = args.attrs as unknown as { varianceEpsilon: number };
    const heap = args.backend as unknown as WasmBackend;
    const y = heap.makeOutput(x.shape, "float32");
    const bytes = channels * 4;
    const [factors, offsets] = heapScratch(heap, "batch norm", [bytes, bytes]);
    const read = (tensor: TensorInfo) => heapFloats(heap, address(heap, tensor), channels);
    const scales = scale ? read(scale) : undefined;
    heapFloats(heap, factors, channels).set(
      read(variance).map((value, c) => (scales?.[c] ?? 1) / Math.sqrt(value + varianceEpsilon)),
    );
    heapFloats(heap, offsets, channels).fill(0);
    if (offset) heapFloats(heap, offsets, channels).set(read(offset));
    simdKernels(heap).normalize(
      ...[address(heap, x), address(heap, y), size / channels, channels],
      ...[address(heap, mean), factors, offsets, 0],
    );
    return y;
  }) as KernelFunc;
  return { ...brought, kernelFunc };
}
