/**
 * Images: decode, resize, encode, draw SVG, colour maps. The only room that imports sharp, resvg
 * and fast-png.
 * @module
 */
export { colourMap, type ColourMapName, type ColourMapOptions } from "./colour_map.ts";
export { decodeImage, type DecodeImageOptions } from "./decode_image.ts";
export { encodePng, type PngPixels } from "./encode_png.ts";
export { ImageError } from "./image_error.ts";
export { overlayHeatmap, type OverlayHeatmapOptions } from "./overlay_heatmap.ts";
export { renderPng, type RenderPngOptions } from "./render_png.ts";
export { resizeImage, type ResizeImageOptions } from "./resize_image.ts";
export { resizeMap, type ResizeMapOptions, type ValueMap } from "./resize_map.ts";
export type { RgbImage } from "./rgb_image.ts";
