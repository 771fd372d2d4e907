import type { Tf } from "../tf.ts";

/** Sizes, strides, dilations and padding of a convolution, as TensorFlow.js computes them. */
export type ConvInfo = ReturnType<Tf["backend_util"]["computeConv2DInfo"]>;

/** What a convolution may do with its results before it stores them. */
export type ConvolutionActivation = "linear" | "relu" | "relu6";

/**
 * The three passes of a convolution of NHWC images with a filter [height, width, in, out]. Places
 * are addresses in the memory of the wasm backend; every number of a result is written. Whoever
 * computes convolutions for that backend has this form.
 */
export interface ConvolutionKernels {
  forward(conv: ConvInfo, places: ForwardPlaces): void;
  filterGradient(conv: ConvInfo, places: FilterGradientPlaces): void;
  inputGradient(conv: ConvInfo, places: InputGradientPlaces): void;
}

/** What the forward pass reads and writes; `bias` has a number for each output channel. */
export interface ForwardPlaces {
  readonly x: number;
  readonly filter: number;
  readonly bias?: number;
  readonly activation?: ConvolutionActivation;
  readonly y: number;
}

/** What the gradient of the filter reads and writes. */
export interface FilterGradientPlaces {
  readonly x: number;
  readonly dy: number;
  readonly gradient: number;
}

/** What the gradient of the images reads and writes. */
export interface InputGradientPlaces {
  readonly dy: number;
  readonly filter: number;
  readonly gradient: number;
}
