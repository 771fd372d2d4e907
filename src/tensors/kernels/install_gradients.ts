import type { GradConfig } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";
import { batchNormGradient } from "./batch_norm_gradient.ts";
import { broadcastGradients } from "./broadcast_gradients.ts";
import { broadcastMatMul } from "./broadcast_mat_mul.ts";
import { conv2dGradient } from "./conv2d_gradient.ts";
import { depthwiseConv2dGradient } from "./depthwise_conv2d_gradient.ts";
import { einsumGradient } from "./einsum_gradient.ts";
import { gatherNdGradient } from "./gather_nd_gradient.ts";
import { replaceKernel } from "./install_wasm_kernels.ts";
import { mirrorPadGradient } from "./mirror_pad_gradient.ts";
import { poolGradients } from "./pool_gradients.ts";
import { reluGradients } from "./relu_gradient.ts";
import { reductionGradients } from "./reduction_gradients.ts";
import { resizeGradients } from "./resize_gradients.ts";
import { speedUpAdam } from "./speed_up_adam.ts";
import { speedUpBatchNorm } from "./speed_up_batch_norm.ts";
import { stridedSliceGradient } from "./strided_slice_gradient.ts";
import { unfuseInTraining } from "./unfuse_in_training.ts";

/** The gradients that TensorFlow.js lacks, or that are mended or sped up here. */
export function ownGradients(tf: Tf): GradConfig[] {
  return [
    batchNormGradient(tf),
    conv2dGradient(tf),
    depthwiseConv2dGradient(tf),
    ...poolGradients(tf),
    ...reluGradients(tf),
    einsumGradient(tf),
    gatherNdGradient(tf),
    stridedSliceGradient(tf),
    mirrorPadGradient(tf),
    ...broadcastGradients(tf),
    ...resizeGradients(tf),
    ...reductionGradients(tf),
  ];
}

const completed = new WeakSet<Tf>();

/**
 * Registers {@linkcode ownGradients} once, and what gradients on cpu need; gradients serve all
 * backends.
 */
export function installGradients(tf: Tf): void {
  if (completed.has(tf)) return;
  for (const gradient of ownGradients(tf)) {
    if (tf.getGradient(gradient.kernelName) !== undefined) {
      tf.unregisterGradient(gradient.kernelName);
    }
    tf.registerGradient(gradient);
  }
  unfuseInTraining(tf);
  speedUpBatchNorm(tf);
  speedUpAdam(tf);
  replaceKernel(tf, broadcastMatMul(tf, tf.getKernel("BatchMatMul", "cpu")));
  completed.add(tf);
}
