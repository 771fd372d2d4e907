import type { KernelConfig } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { adamKernel } from "./adam_step.ts";
import { batchNormKernel } from "./batch_norm_kernel.ts";
import { broadcastMatMul } from "./broadcast_mat_mul.ts";
import { checkedWindows } from "./checked_windows.ts";
import { conv2dFilterGradient, conv2dInputGradient, convolutionForward } from "./conv2d_kernels.ts";
import { conv3dInputGradient } from "./conv3d_input_gradient.ts";
import { depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise_gradients.ts";
import { einsumKernel } from "./einsum.ts";
import { freshWeights } from "./fresh_weights.ts";
import { maxPoolGradient } from "./max_pool_gradient.ts";
import { reduceRows } from "./reduce_rows.ts";
import { reluGradientKernel } from "./relu_gradient.ts";
import { shareData } from "./share_data.ts";
import { repeatRows } from "./repeat_rows.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";
import type { WasmKernel } from "./wasm_heap.ts";

/**
 * The kernels that complete the wasm backend for training, or mend or speed up its own. The wasm
 * package must have been imported.
 */
export function wasmKernels(tf: Tf): WasmKernel[] {
  return [
    convolutionForward(tf, "Conv2D"),
    convolutionForward(tf, "FusedConv2D"),
    conv2dFilterGradient(tf),
    conv2dInputGradient(tf),
    conv3dInputGradient(tf),
    depthwiseFilterGradient(tf),
    depthwiseInputGradient(tf),
    maxPoolGradient(tf),
    unsortedSegmentSum(),
    einsumKernel(tf),
    broadcastMatMul(tf, freshWeights(tf.getKernel("BatchMatMul", "wasm"))),
    freshWeights(tf.getKernel("_FusedMatMul", "wasm")),
    ...checkedWindows(tf),
    reduceRows(tf, "Sum"),
    reduceRows(tf, "Mean"),
    batchNormKernel(tf),
    reluGradientKernel(),
    adamKernel(),
    ...shareData(tf),
    repeatRows(tf),
  ];
}

const completed = new WeakSet<Tf>();

/** Registers {@linkcode wasmKernels} once, in place of those the wasm backend brings. */
export function installWasmKernels(tf: Tf): void {
  if (completed.has(tf)) return;
  for (const kernel of wasmKernels(tf)) replaceKernel(tf, kernel);
  completed.add(tf);
}

/** Registers a kernel, in place of one of its name if there is one. */
export function replaceKernel(tf: Tf, kernel: KernelConfig): void {
  const { kernelName, backendName } = kernel;
  if (tf.getKernel(kernelName, backendName) !== undefined) {
    tf.unregisterKernel(kernelName, backendName);
  }
  tf.registerKernel(kernel);
}
