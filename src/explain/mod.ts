/**
 * Why a model says what it says: class activation maps for any tf.layers model. It knows neither
 * our model nor our runs.
 *
 * @module
 */
export type { Cam, CamStatus, ExplainMethod } from "./cam.ts";
export { explain } from "./explain.ts";
export { EXPLAIN_METHODS } from "./explain_options.ts";
export type { ExplainOptions, GradCamOptions } from "./explain_options.ts";
export type { CamLayer, LayerChoice } from "./find_layer.ts";
export { gradCam } from "./grad_cam.ts";
export { type UnitAttributions, unitAttributions } from "./unit_attributions.ts";
export type { UnitAttributionsOptions } from "./unit_attributions.ts";
export type { Baseline } from "./methods/input_gradients.ts";
export type { CamTarget } from "./cam_target.ts";
export type { GraphLayer, GraphModel, LayerUse, SymbolicNode } from "../tensors/layer_graph.ts";
export type { RgbImage } from "../images/rgb_image.ts";
export type { ImageLike, ImagesLike, PixelArray } from "./image_batch.ts";
export * from "./check/mod.ts";
