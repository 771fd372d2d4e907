/** Shape of images [batch, height, width, channels] or filters [height, width, in, out]. */
export type Shape4D = [number, number, number, number];

/** Zeros before and after each of the four axes. */
export type ExplicitPadding = [
  [number, number],
  [number, number],
  [number, number],
  [number, number],
];

/** What TensorFlow.js gives with every kernel that slides a window over images. */
export interface WindowAttrs {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}
