/**
 * Why a model says what it says: class activation maps for any tf.layers model. It knows neither
 * our model nor our runs.
 *
 * @module
 */
export { gradCam, type GradCamOptions } from "./grad_cam.ts";
export type { Cam, CamStatus } from "./cam.ts";
export type { CamTarget } from "./cam_target.ts";
export type { GraphLayer, GraphModel, LayerUse, SymbolicNode } from "../tensors/layer_graph.ts";
export type { RgbImage } from "../images/rgb_image.ts";
export type { ImageLike, ImagesLike, PixelArray } from "./image_batch.ts";
