import type { Tensor, Tensor4D, Tf } from "../../tensors/tf.ts";

/** Where the tokens of a transformer lie in the image. */
export interface TokenGrid {
  readonly height: number;
  readonly width: number;
  /** A token before those of the image, which belongs to no place. */
  readonly classToken: boolean;
}

/** `[batch, tokens, width]` → `[batch, height, width, channels]`, without a class token. */
export function toGrid(tf: Tf, tokens: Tensor, { height, width, classToken }: TokenGrid): Tensor4D {
  return tf.tidy(() => {
    const [batch, count, channels] = tokens.shape;
    const first = classToken ? 1 : 0;
    const places = tokens.slice([0, first, 0], [batch, count - first, channels]);
    return places.reshape([batch, height, width, channels]) as Tensor4D;
  });
}

/** The grid of so many tokens, when some layer before has just these positions. */
export function gridOfTokens(
  tokens: number | null,
  grids: readonly (readonly [height: number, width: number])[],
): TokenGrid | undefined {
  for (const [height, width] of grids) {
    const extra = tokens === null ? -1 : tokens - height * width;
    if (extra === 0 || extra === 1) return { height, width, classToken: extra === 1 };
  }
  return undefined;
}
