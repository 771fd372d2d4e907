import type { ConvInfo } from "./convolution.ts";

/** Rows and columns. */
type Pair = readonly [number, number];

/** A filter that slides over images, as the SIMD kernels do all three passes of a convolution. */
export interface SlidingWindow {
  /** Rows, columns and channels of the images that are read. */
  readonly image: readonly [number, number, number];
  /** The first row and column that the first result sees; negative ones are zeros. */
  readonly start: Pair;
  /** From what one result sees to what the next sees. */
  readonly step: Pair;
  /** How many taps there are. */
  readonly taps: Pair;
  /** From one tap to the next in the image. */
  readonly tapStep: Pair;
  /** The first tap in the filter, and from one to the next. */
  readonly firstTap: Pair;
  readonly filterStep: Pair;
  /** Rows and columns of results. */
  readonly size: Pair;
  /** Numbers from the start of the results to the first, and from image to image, row to row, … */
  readonly results: {
    readonly first: number;
    readonly image: number;
    readonly row: number;
    readonly column: number;
  };
}

/** What the results of a convolution see. */
export function forwardWindow(conv: ConvInfo): SlidingWindow {
  const { outHeight, outWidth, outChannels, padInfo } = conv;
  return {
    image: [conv.inHeight, conv.inWidth, conv.inChannels],
    start: [-padInfo.top, -padInfo.left],
    step: [conv.strideHeight, conv.strideWidth],
    taps: [conv.filterHeight, conv.filterWidth],
    tapStep: [conv.dilationHeight, conv.dilationWidth],
    firstTap: [0, 0],
    filterStep: [1, 1],
    size: [outHeight, outWidth],
    results: {
      first: 0,
      image: outHeight * outWidth * outChannels,
      row: outWidth * outChannels,
      column: outChannels,
    },
  };
}

/** The taps of one axis that carry results back to every `stride`-th pixel. */
interface Phase {
  readonly first: number;
  readonly start: number;
  readonly taps: number;
  readonly tapStep: number;
  readonly firstTap: number;
  readonly filterStep: number;
  readonly size: number;
}

/**
 * What the pixels of the images see of the results' gradients: with strides, every stride-th pixel
 * sees the same taps of the filter, so that there is a window for each remainder. Pixels without a
 * tap are in none.
 */
export function inputWindows(conv: ConvInfo): SlidingWindow[] {
  const { inHeight, inWidth, inChannels, padInfo } = conv;
  const rows = phases(inHeight, {
    stride: conv.strideHeight,
    dilation: conv.dilationHeight,
    taps: conv.filterHeight,
    before: padInfo.top,
  });
  const columns = phases(inWidth, {
    stride: conv.strideWidth,
    dilation: conv.dilationWidth,
    taps: conv.filterWidth,
    before: padInfo.left,
  });
  const row = inWidth * inChannels;
  return rows.flatMap((r) =>
    columns.map((c) => ({
      image: [conv.outHeight, conv.outWidth, conv.outChannels] as const,
      start: [r.start, c.start] as const,
      step: [1, 1] as const,
      taps: [r.taps, c.taps] as const,
      tapStep: [r.tapStep, c.tapStep] as const,
      firstTap: [r.firstTap, c.firstTap] as const,
      filterStep: [r.filterStep, c.filterStep] as const,
      size: [r.size, c.size] as const,
      results: {
        first: r.first * row + c.first * inChannels,
        image: inHeight * row,
        row: conv.strideHeight * row,
        column: conv.strideWidth * inChannels,
      },
    }))
  );
}

/**
 * Tap k of result i meets pixel h = i·stride + k·dilation − before. Taken backwards, the taps of a
 * pixel meet results that follow each other.
 */
function phases(
  size: number,
  { stride, dilation, taps, before }: {
    readonly stride: number;
    readonly dilation: number;
    readonly taps: number;
    readonly before: number;
  },
): Phase[] {
  const found: Phase[] = [];
  for (let first = 0; first < Math.min(stride, size); first++) {
    const meeting = Array.from({ length: taps }, (_, k) => k)
      .filter((k) => (first + before - k * dilation) % stride === 0);
    if (meeting.length === 0) continue;
    const last = meeting[meeting.length - 1];
    const gap = meeting.length > 1 ? meeting[1] - meeting[0] : stride;
    found.push({
      first,
      start: (first + before - last * dilation) / stride,
      taps: meeting.length,
      tapStep: gap * dilation / stride,
      firstTap: last,
      filterStep: -gap,
      size: Math.ceil((size - first) / stride),
    });
  }
  return found;
}
