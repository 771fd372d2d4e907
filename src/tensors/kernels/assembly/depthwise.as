import { addDoubles, DOUBLE, FLOAT, FOUR, high, low, madd } from "./simd";

// Both gradients walk over the same pairs: for an output row i and a filter row k that meets the
// image, the columns j of the output that a filter column l can reach. A row of four neighbouring
// channels is one register; channels left over, and filters that make several channels of one, go
// one by one.

/** The first and the end of the output positions whose tap meets an image of `size`. */
// @ts-ignore: a decorator of the compiler
@inline
function firstOutput(tap: i32, before: i32, stride: i32): i32 {
  const missing = before - tap;
  return missing > 0 ? (missing + stride - 1) / stride : 0;
}

// @ts-ignore: a decorator of the compiler
@inline
function endOutput(tap: i32, before: i32, stride: i32, size: i32, outSize: i32): i32 {
  const last = size - 1 + before - tap;
  return last < 0 ? 0 : min(outSize, last / stride + 1);
}

/**
 * dW[k, l, c, m] = Σ over n, i, j of x[n, i·s + k·d − p, j·s + l·d − p, c] · dy[n, i, j, c·M + m].
 * `sums` are zeros, a double for each number of the filter: a row is added up in floats, the rows
 * in doubles.
 */
export function depthwiseFilter(
  x: usize, dy: usize, gradient: usize, sums: usize,
  batch: i32, height: i32, width: i32, channels: i32, multiplier: i32,
  outHeight: i32, outWidth: i32, filterHeight: i32, filterWidth: i32,
  strideHeight: i32, strideWidth: i32, dilationHeight: i32, dilationWidth: i32,
  top: i32, left: i32,
): void {
  const outChannels = channels * multiplier;
  const vectors = multiplier == 1 ? channels & ~3 : 0;
  const xStep = <usize>(strideWidth * channels) * FLOAT;
  const dyStep = <usize>outChannels * FLOAT;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let k = 0; k < filterHeight; k++) {
        const h = i * strideHeight + k * dilationHeight - top;
        if (h < 0 || h >= height) continue;
        for (let l = 0; l < filterWidth; l++) {
          const offset = l * dilationWidth;
          const first = firstOutput(offset, left, strideWidth);
          const end = endOutput(offset, left, strideWidth, width, outWidth);
          if (first >= end) continue;
          const w = first * strideWidth + offset - left;
          const xRow = x + <usize>((n * height + h) * width + w) * <usize>channels * FLOAT;
          const dyRow = dy + <usize>((n * outHeight + i) * outWidth + first) * dyStep;
          const tap = sums + <usize>((k * filterWidth + l) * outChannels) * DOUBLE;
          let c = 0;
          for (; c < vectors; c += 4) {
            let from = xRow + <usize>c * FLOAT, g = dyRow + <usize>c * FLOAT;
            let sum = f32x4.splat(0);
            for (let j = first; j < end; j++) {
              sum = madd(v128.load(from), v128.load(g), sum);
              from += xStep;
              g += dyStep;
            }
            addDoubles(tap + <usize>c * DOUBLE, low(sum));
            addDoubles(tap + <usize>c * DOUBLE + FOUR, high(sum));
          }
          for (let o = c * multiplier; o < outChannels; o++) {
            let from = xRow + <usize>(o / multiplier) * FLOAT, g = dyRow + <usize>o * FLOAT;
            let sum: f64 = 0;
            for (let j = first; j < end; j++) {
              sum += <f64>load<f32>(from) * <f64>load<f32>(g);
              from += xStep;
              g += dyStep;
            }
            const at = tap + <usize>o * DOUBLE;
            store<f64>(at, load<f64>(at) + sum);
          }
        }
      }
    }
  }
  const size = filterHeight * filterWidth * outChannels;
  for (let at = 0; at < size; at++) {
    store<f32>(gradient + <usize>at * FLOAT, <f32>load<f64>(sums + <usize>at * DOUBLE));
  }
}

/** The same sum scattered to the image; `dx` are zeros. */
export function depthwiseInput(
  dy: usize, filter: usize, dx: usize,
  batch: i32, height: i32, width: i32, channels: i32, multiplier: i32,
  outHeight: i32, outWidth: i32, filterHeight: i32, filterWidth: i32,
  strideHeight: i32, strideWidth: i32, dilationHeight: i32, dilationWidth: i32,
  top: i32, left: i32,
): void {
  const outChannels = channels * multiplier;
  const vectors = multiplier == 1 ? channels & ~3 : 0;
  const xStep = <usize>(strideWidth * channels) * FLOAT;
  const dyStep = <usize>outChannels * FLOAT;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let k = 0; k < filterHeight; k++) {
        const h = i * strideHeight + k * dilationHeight - top;
        if (h < 0 || h >= height) continue;
        for (let l = 0; l < filterWidth; l++) {
          const offset = l * dilationWidth;
          const first = firstOutput(offset, left, strideWidth);
          const end = endOutput(offset, left, strideWidth, width, outWidth);
          if (first >= end) continue;
          const w = first * strideWidth + offset - left;
          const xRow = dx + <usize>((n * height + h) * width + w) * <usize>channels * FLOAT;
          const dyRow = dy + <usize>((n * outHeight + i) * outWidth + first) * dyStep;
          const tap = filter + <usize>((k * filterWidth + l) * outChannels) * FLOAT;
          let c = 0;
          for (; c < vectors; c += 4) {
            let to = xRow + <usize>c * FLOAT, g = dyRow + <usize>c * FLOAT;
            const weight = v128.load(tap + <usize>c * FLOAT);
            for (let j = first; j < end; j++) {
              v128.store(to, madd(weight, v128.load(g), v128.load(to)));
              to += xStep;
              g += dyStep;
            }
          }
          for (let o = c * multiplier; o < outChannels; o++) {
            let to = xRow + <usize>(o / multiplier) * FLOAT, g = dyRow + <usize>o * FLOAT;
            const weight = load<f32>(tap + <usize>o * FLOAT);
            for (let j = first; j < end; j++) {
              store<f32>(to, load<f32>(to) + weight * load<f32>(g));
              to += xStep;
              g += dyStep;
            }
          }
        }
      }
    }
  }
}
