import { EIGHT, ENTRY, TILE, tileOfFour, tileOfSix } from "./convolution_tiles";
import { FLOAT } from "./simd";

// A convolution is done for many output pixels at a time, a "unit": some images, or some rows of
// one. A table has two addresses for each pixel: that of the first input it sees, in a copy with
// zeros around it, and that of its result. From the first input on, the taps are `rows` times
// `columns` runs of `length` neighbouring numbers. Filters are packed as [channels / 8][taps][8].

/**
 * Fills the table for `images` times `rows` times `columns` pixels; steps are in bytes, from one to
 * the next of each, of the inputs and of the results.
 */
export function pixelTable(
  table: usize, images: i32, rows: i32, columns: i32,
  inImage: i32, inRow: i32, inColumn: i32, outImage: i32, outRow: i32, outColumn: i32,
): void {
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < rows; i++) {
      let from = n * inImage + i * inRow, to = n * outImage + i * outRow;
      for (let j = 0; j < columns; j++, table += ENTRY) {
        store<i32>(table, from);
        store<i32>(table, to, 4);
        from += inColumn;
        to += outColumn;
      }
    }
  }
}

/**
 * Copies `rows` rows of an image from row `first` on, which may lie outside, with zeros to the left
 * and right. All widths are in bytes; `step` is from one row of the image to the next.
 */
export function padRows(
  image: usize, copy: usize, height: i32, step: usize, first: i32, rows: i32,
  left: usize, width: usize, right: usize,
): void {
  const row = left + width + right;
  for (let i = first; i < first + rows; i++, copy += row) {
    if (i < 0 || i >= height) {
      clear(copy, row);
      continue;
    }
    clear(copy, left);
    memory.copy(copy + left, image + <usize>i * step, width);
    clear(copy + left + width, right);
  }
}

/** Zeros; the instruction for it costs more than the few bytes of a margin. */
function clear(to: usize, bytes: usize): void {
  const end = to + bytes, vectors = to + (bytes & ~15);
  for (; to < vectors; to += 16) v128.store(to, f32x4.splat(0));
  for (; to < end; to += FLOAT) store<f32>(to, 0);
}

/**
 * Packs the taps (firstRow + k · rowStep, firstColumn + l · columnStep) of a filter
 * [height, width, in, out]. `turned` exchanges in and out, as the gradient of the input needs it.
 */
export function packFilter(
  filter: usize, packed: usize, width: i32, ins: i32, outs: i32,
  firstRow: i32, rowStep: i32, rows: i32, firstColumn: i32, columnStep: i32, columns: i32,
  turned: bool,
): void {
  const channels = turned ? ins : outs, depth = turned ? outs : ins;
  const across: usize = turned ? <usize>outs * FLOAT : FLOAT;
  const down: usize = turned ? FLOAT : <usize>outs * FLOAT;
  for (let o = 0; o < channels; o += 8) {
    const count = min(8, channels - o);
    for (let k = 0; k < rows; k++) {
      for (let l = 0; l < columns; l++) {
        const tap = (firstRow + k * rowStep) * width + firstColumn + l * columnStep;
        let from = filter + <usize>(tap * ins * outs) * FLOAT + <usize>o * across;
        for (let d = 0; d < depth; d++, from += down, packed += EIGHT) {
          if (count == 8 && !turned) {
            v128.store(packed, v128.load(from));
            v128.store(packed, v128.load(from, 16), 16);
            continue;
          }
          for (let c = 0; c < 8; c++) {
            const value: f32 = c < count ? load<f32>(from + <usize>c * across) : 0;
            store<f32>(packed + <usize>c * FLOAT, value);
          }
        }
      }
    }
  }
}

/** Pixels whose inputs stay in the nearest cache while all channels are computed. */
const CHUNK: i32 = 96;

/**
 * Results of `pixels` pixels of a table whose addresses count from `input` and `output`; `bias` has
 * a number for each channel, and zeros up to a multiple of eight.
 */
export function convolve(
  table: usize, pixels: i32, input: usize, output: usize, packed: usize, bias: usize,
  channels: i32, rows: i32, columns: i32, length: i32, rowStep: usize, columnStep: usize,
  activation: i32,
): void {
  const block = <usize>(rows * columns * length) * EIGHT;
  for (let first = 0; first < pixels; first += CHUNK) {
    const end = min(pixels, first + CHUNK);
    for (let c = 0; c < channels; c += 8) {
      const weights = packed + <usize>(c >> 3) * block;
      const eight = bias + <usize>c * FLOAT;
      const count = min(8, channels - c);
      for (let p = first; p < end; p += TILE) {
        const entry = table + <usize>p * ENTRY, pixels = min(TILE, end - p);
        const to = output + <usize>c * FLOAT;
        if (RELAXED) {
          tileOfSix(
            entry, pixels, input, to, weights, eight, count,
            rows, columns, length, rowStep, columnStep, activation,
          );
        } else {
          tileOfFour(
            entry, pixels, input, to, weights, eight, count,
            rows, columns, length, rowStep, columnStep, activation,
          );
        }
      }
    }
  }
}
