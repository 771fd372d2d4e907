import type { GradConfig, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

/** The gradient of `GatherNd`, which TensorFlow.js does not have: what was taken is given back. */
export function gatherNdGradient(tf: Tf): GradConfig {
  const gradFunc = (dy: Tensor, [params, indices]: Tensor[]) => ({
    params: () => tf.scatterND(indices, dy, params.shape),
    indices: () => tf.zerosLike(indices),
  });
  return {
    kernelName: "GatherNd",
    inputsToSave: ["params", "indices"],
    gradFunc: gradFunc as GradConfig["gradFunc"],
  };
}
