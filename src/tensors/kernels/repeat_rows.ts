import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { address, type WasmBackend, type WasmKernel } from "./wasm_heap.ts";

/**
 * `Tile` along neighbouring axes of size 1, as gradients of sums and means need it: runs of numbers
 * copied again and again, twice as many each time. The wasm backend's own kernel, which does all
 * else, copies number by number and is some fifty times slower.
 */
export function repeatRows(tf: Tf): WasmKernel {
  const brought = tf.getKernel("Tile", "wasm");
  const kernelFunc = ((args) => {
    const { x } = args.inputs as unknown as { x: TensorInfo };
    const { reps } = args.attrs as unknown as { reps: number[] };
    const repeated = reps.flatMap((count, i) => count === 1 ? [] : [i]);
    const first = repeated[0] ?? 0, last = repeated.at(-1) ?? -1;
    const plain = x.dtype === "float32" && repeated.length > 0 && reps.length === x.shape.length &&
      x.shape.slice(first, last + 1).every((size) => size === 1);
    const size = (sizes: number[]) => sizes.reduce((a, b) => a * b, 1);
    const times = size(reps), blocks = size(x.shape.slice(0, first));
    const bytes = 4 * size(x.shape.slice(last + 1));
    if (!plain || times * blocks * bytes === 0) return brought.kernelFunc(args);
    const heap = args.backend as unknown as WasmBackend;
    const result = heap.makeOutput(x.shape.map((size, i) => size * reps[i]), "float32");
    const [from, to] = [address(heap, x), address(heap, result)];
    // Read after the output is made: the memory may have grown.
    const memory = heap.wasm.HEAPU8;
    for (let block = 0; block < blocks; block++) {
      const start = to + block * times * bytes, end = start + times * bytes;
      memory.copyWithin(start, from + block * bytes, from + (block + 1) * bytes);
      for (let done = bytes; start + done < end; done *= 2) {
        memory.copyWithin(start + done, start, start + Math.min(done, end - start - done));
      }
    }
    return result;
  }) as KernelFunc;
  return { ...brought, kernelFunc };
}
