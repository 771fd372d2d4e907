import { checkOptions } from "../_internal/check_options.ts";
import type { GraphModel } from "../tensors/layer_graph.ts";
import type { Cam } from "./cam.ts";
import { explain } from "./explain.ts";
import { CAM_OPTIONS, type GradCamOptions } from "./explain_options.ts";
import type { ImagesLike } from "./image_batch.ts";

/**
 * Grad-CAM (Selvaraju et al., 2017): where in an image a layer of any tf.layers model speaks for a
 * class. The gradient is taken of the score before the softmax, in inference mode, for each image
 * on its own; layers that the chosen head does not need never run. The model stays as it is, frozen
 * or not, and no tensor remains.
 *
 * A blank map is no error: its `status` is not "ok" and `diagnosis` says why. For other methods see
 * {@linkcode explain}.
 *
 * @param images RGB images, numbers with a shape, tensors, or paths; resized to the model's input
 * @returns one map for each image, in order
 * @throws {TypeError} for unknown options, layers and heads
 * @throws {RangeError} for a class that the head does not have, or images that do not fit
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { gradCam } from "@qsight/qsight/explain";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], name: "conv" }),
 *     tf.layers.globalAveragePooling2d({}),
 *     tf.layers.dense({ units: 2, activation: "softmax", name: "head" }),
 *   ],
 * });
 * const [cam] = await gradCam(model, tf.ones([1, 8, 8, 3]) as tf.Tensor4D, { target: 1 });
 * assert.deepEqual([cam.layer, cam.head, cam.target, cam.map.length], ["conv", "head", 1, 64]);
 * ```
 */
export async function gradCam(
  model: GraphModel,
  images: ImagesLike,
  options: GradCamOptions = {},
): Promise<Cam[]> {
  checkOptions("gradCam()", options, CAM_OPTIONS);
  return await explain(model, images, { ...options, method: "gradcam" });
}
