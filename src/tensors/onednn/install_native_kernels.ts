import type { KernelFunc } from "@tensorflow/tfjs";
import { convolutionKernels, setConvolutionKernels } from "../kernels/convolution_kernels.ts";
import { replaceKernel } from "../kernels/install_wasm_kernels.ts";
import type { Tf } from "../tf.ts";
import { multiply } from "./multiply.ts";
import { nativeConvolution } from "./native_convolution.ts";
import type { NativeSession } from "./native_session.ts";

/** The kernels that oneDNN is asked for before wasm. */
const PRODUCTS = ["BatchMatMul", "_FusedMatMul"];

/**
 * Lets oneDNN compute convolutions and matrix products of the wasm backend, which does what is left
 * to it. Returns what takes oneDNN away again.
 */
export function installNativeKernels(tf: Tf, session: NativeSession): () => void {
  const { backend } = session;
  const convolution = convolutionKernels(backend);
  setConvolutionKernels(backend, nativeConvolution(session, convolution));
  const products = PRODUCTS.map((name) => tf.getKernel(name, "wasm"));
  for (const brought of products) {
    const kernelFunc = ((args) => {
      const found = multiply(session, args);
      if (typeof found === "object") return found;
      if (found !== undefined) session.note(brought.kernelName, found);
      return brought.kernelFunc(args);
    }) as KernelFunc;
    // Without its setup, which was done when the backend started.
    replaceKernel(tf, { kernelName: brought.kernelName, backendName: "wasm", kernelFunc });
  }
  return () => {
    setConvolutionKernels(backend, convolution);
    products.forEach((kernel) => replaceKernel(tf, kernel));
  };
}
