import type { ConvInfo } from "./convolution.ts";

const FLOAT = 4;

/** Results of a convolution that stay in the processor's second cache until they are used. */
const GROUP_BYTES = 2 ** 18;

/** Some images of a batch. */
export interface ImageGroup {
  /** The convolution of these images alone. */
  readonly part: ConvInfo;
  /** The first image and how many there are. */
  readonly first: number;
  readonly images: number;
  /** Rows of channels among the results. */
  readonly rows: number;
  /** Bytes before the first image, of what goes in and of what comes out. */
  readonly input: number;
  readonly output: number;
}

/** Cuts a batch into groups whose results fit into the cache, one image at least. */
export function* imageGroups(conv: ConvInfo): Generator<ImageGroup> {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = conv;
  const pixels = outHeight * outWidth;
  const inBytes = inHeight * inWidth * inChannels * FLOAT, outBytes = pixels * outChannels * FLOAT;
  const most = Math.max(1, Math.floor(GROUP_BYTES / outBytes));
  for (let first = 0; first < batchSize; first += most) {
    const images = Math.min(most, batchSize - first);
    yield {
      part: { ...conv, batchSize: images },
      first,
      images,
      rows: images * pixels,
      input: first * inBytes,
      output: first * outBytes,
    };
  }
}
