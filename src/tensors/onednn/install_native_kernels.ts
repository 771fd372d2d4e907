import type { KernelConfig, KernelFunc } from "@tensorflow/tfjs";
import { replaceKernel } from "../kernels/install_wasm_kernels.ts";
import type { Tf } from "../tf.ts";
import { convolutionKernels, type NativeKernel } from "./convolution_kernels.ts";
import { matMulKernels } from "./mat_mul_kernels.ts";
import type { NativeSession } from "./native_session.ts";

/**
 * Puts kernels by oneDNN before those of the wasm backend, which do what is left to them. Returns
 * what takes them off again.
 */
export function installNativeKernels(tf: Tf, session: NativeSession): () => void {
  const kernels = { ...convolutionKernels(tf, session), ...matMulKernels(session) };
  const before = Object.keys(kernels).map((name) => tf.getKernel(name, "wasm"))
    .filter((kernel) => kernel !== undefined);
  for (const brought of before) {
    replaceKernel(tf, inFront(brought, kernels[brought.kernelName], session));
  }
  return () => before.forEach((kernel) => replaceKernel(tf, kernel));
}

function inFront(
  brought: KernelConfig,
  kernel: NativeKernel,
  session: NativeSession,
): KernelConfig {
  const kernelFunc = ((args) => {
    const found = kernel(args);
    if (typeof found === "object") return found;
    if (found !== undefined) session.note(brought.kernelName, found);
    return brought.kernelFunc(args);
  }) as KernelFunc;
  // Without its setup, which was done when the backend started.
  return { kernelName: brought.kernelName, backendName: "wasm", kernelFunc };
}
