import type { Tensor, Tensor4D } from "../tf.ts";
import type { NormScale } from "./batch_statistics.ts";
import type { ConvInfo } from "./convolution.ts";

/** What follows a convolution and its batch norm: nothing, a ReLU, or that and a 2x2 maximum. */
export type BlockEnd = "norm" | "relu" | "pool";

/** A convolution without bias, batch norm in training, and what follows. */
export interface ConvolutionBlock extends NormScale {
  readonly filter: Tensor4D;
  /** Output channels are a multiple of four. */
  readonly conv: ConvInfo;
  readonly end: BlockEnd;
  /** Rows and columns that a maximum leaves: half of what there are, rounded down or up. */
  readonly pooled?: readonly [number, number];
}

/** What a block keeps for its gradients. */
export interface BlockSaved {
  readonly x: Tensor;
  readonly filter: Tensor;
  /** The result of the convolution. */
  readonly raw: Tensor;
  readonly coefficients: Tensor;
  /** Of a pooled block: the raw number of each result, and which pixel of its window that was. */
  readonly chosen?: Tensor;
  readonly choice?: Tensor;
}
