import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { simdKernels } from "./simd_kernels.ts";
import { address, type WasmBackend, type WasmKernel } from "./wasm_heap.ts";

/**
 * `Sum` and `Mean` over neighbouring axes that leave the last one, as batch norm and biases need
 * them. The wasm backend's own kernels, which do all else, transpose the whole tensor for that.
 * Added up in double precision, so a large batch loses no digits.
 */
export function reduceRows(tf: Tf, kernelName: "Sum" | "Mean"): WasmKernel {
  const brought = tf.getKernel(kernelName, "wasm");
  const kernelFunc = ((args) => {
    const { x } = args.inputs as unknown as { x: TensorInfo };
    const { axis, keepDims } = args.attrs as unknown as { axis: number[]; keepDims?: boolean };
    const rows = rowsOf(x, tf.util.parseAxisParam(axis, x.shape));
    if (rows === undefined) return brought.kernelFunc(args);
    const heap = args.backend as unknown as WasmBackend;
    const kept = x.shape.map((size, i) => i < rows.first || i > rows.last ? size : 1);
    const outShape = keepDims ? kept : kept.filter((_, i) => i < rows.first || i > rows.last);
    const result = heap.makeOutput(outShape, "float32");
    const { blocks, count, length } = rows;
    const divisor = kernelName === "Mean" ? count : 1;
    const places = [address(heap, x), address(heap, result)];
    simdKernels(heap).reduceRows(...places, blocks, count, length, divisor);
    return result;
  }) as KernelFunc;
  return { ...brought, kernelFunc };
}

/** A tensor seen as `blocks` blocks of `count` rows of `length` numbers. */
interface Rows {
  readonly first: number;
  readonly last: number;
  readonly blocks: number;
  readonly count: number;
  readonly length: number;
}

function rowsOf({ shape, dtype }: TensorInfo, axes: readonly number[]): Rows | undefined {
  const [first, last] = [Math.min(...axes), Math.max(...axes)];
  const neighbours = axes.length > 0 && last - first + 1 === new Set(axes).size;
  if (dtype !== "float32" || !neighbours || last >= shape.length - 1) return undefined;
  const size = (sizes: number[]) => sizes.reduce((a, b) => a * b, 1);
  const [blocks, count] = [size(shape.slice(0, first)), size(shape.slice(first, last + 1))];
  const length = size(shape.slice(last + 1));
  return blocks * count * length === 0 ? undefined : { first, last, blocks, count, length };
}
