import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import type { WasmBackend, WasmKernel } from "./wasm_heap.ts";

/**
 * `Identity` and `Cast` to the same type without a copy of the numbers, as the other backends have
 * them: what is saved for a gradient is such an identity. No kernel writes into its inputs.
 */
export function shareData(tf: Tf): WasmKernel[] {
  const share = (backend: unknown, { dataId, shape, dtype }: TensorInfo): TensorInfo => {
    (backend as WasmBackend).incRef(dataId);
    return { dataId, shape, dtype };
  };
  const identity =
    (({ inputs, backend }) =>
      share(backend, (inputs as unknown as { x: TensorInfo }).x)) as KernelFunc;
  const brought = tf.getKernel("Cast", "wasm");
  const cast = ((args) => {
    const { x } = args.inputs as unknown as { x: TensorInfo };
    const { dtype } = args.attrs as unknown as { dtype: string };
    return x.dtype === dtype ? share(args.backend, x) : brought.kernelFunc(args);
  }) as KernelFunc;
  return [
    { ...tf.getKernel("Identity", "wasm"), kernelFunc: identity },
    { ...brought, kernelFunc: cast },
  ];
}
