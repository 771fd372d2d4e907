import { FLOAT, FOUR, madd } from "./simd";

// A convolution is done for many output pixels at a time, a "unit": some images, or some rows of
// one. A table has two addresses for each pixel: that of the first input it sees, in a copy with
// zeros around it, and that of its result. From the first input on, the taps are `rows` times
// `columns` runs of `length` neighbouring numbers. Filters are packed as [channels / 8][taps][8].

/** Bytes of a pixel's entry in the table, and of a packed row of eight channels. */
const ENTRY: usize = 8;
const EIGHT: usize = 32;

/** What happens to a sum before it is stored. */
const RELU: i32 = 1, RELU6: i32 = 2;

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
      memory.fill(copy, 0, row);
      continue;
    }
    memory.fill(copy, 0, left);
    memory.copy(copy + left, image + <usize>i * step, width);
    memory.fill(copy + left + width, 0, right);
  }
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
      for (let p = first; p < end; p += 6) {
        tile(
          table + <usize>p * ENTRY, min(6, end - p), input, output + <usize>c * FLOAT, weights,
          eight, min(8, channels - c), rows, columns, length, rowStep, columnStep, activation,
        );
      }
    }
  }
}

/** Six pixels times eight channels, all sums in registers; pixels that are missing repeat the last. */
function tile(
  table: usize, count: i32, input: usize, output: usize, w: usize, bias: usize, channels: i32,
  rows: i32, columns: i32, length: i32, rowStep: usize, columnStep: usize, activation: i32,
): void {
  const last = table + <usize>(count - 1) * ENTRY;
  let p0 = input + load<i32>(table);
  let p1 = input + load<i32>(min(table + ENTRY, last));
  let p2 = input + load<i32>(min(table + 2 * ENTRY, last));
  let p3 = input + load<i32>(min(table + 3 * ENTRY, last));
  let p4 = input + load<i32>(min(table + 4 * ENTRY, last));
  let p5 = input + load<i32>(last);
  let a0 = v128.load(bias), b0 = v128.load(bias, 16);
  let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
  let b1 = b0, b2 = b0, b3 = b0, b4 = b0, b5 = b0;
  const pairs = <usize>(length >> 1) * 2 * EIGHT;
  const run = <usize>length * FLOAT;
  const nextColumn = columnStep - run;
  const nextRow = rowStep - <usize>columns * columnStep;
  for (let k = 0; k < rows; k++) {
    for (let l = 0; l < columns; l++) {
      const end = w + pairs;
      while (w < end) {
        let u = v128.load(w), v = v128.load(w, 16);
        let x = v128.load32_splat(p0);
        a0 = madd(x, u, a0);
        b0 = madd(x, v, b0);
        x = v128.load32_splat(p1);
        a1 = madd(x, u, a1);
        b1 = madd(x, v, b1);
        x = v128.load32_splat(p2);
        a2 = madd(x, u, a2);
        b2 = madd(x, v, b2);
        x = v128.load32_splat(p3);
        a3 = madd(x, u, a3);
        b3 = madd(x, v, b3);
        x = v128.load32_splat(p4);
        a4 = madd(x, u, a4);
        b4 = madd(x, v, b4);
        x = v128.load32_splat(p5);
        a5 = madd(x, u, a5);
        b5 = madd(x, v, b5);
        u = v128.load(w, 32);
        v = v128.load(w, 48);
        x = v128.load32_splat(p0, 4);
        a0 = madd(x, u, a0);
        b0 = madd(x, v, b0);
        x = v128.load32_splat(p1, 4);
        a1 = madd(x, u, a1);
        b1 = madd(x, v, b1);
        x = v128.load32_splat(p2, 4);
        a2 = madd(x, u, a2);
        b2 = madd(x, v, b2);
        x = v128.load32_splat(p3, 4);
        a3 = madd(x, u, a3);
        b3 = madd(x, v, b3);
        x = v128.load32_splat(p4, 4);
        a4 = madd(x, u, a4);
        b4 = madd(x, v, b4);
        x = v128.load32_splat(p5, 4);
        a5 = madd(x, u, a5);
        b5 = madd(x, v, b5);
        w += 2 * EIGHT;
        p0 += 8;
        p1 += 8;
        p2 += 8;
        p3 += 8;
        p4 += 8;
        p5 += 8;
      }
      if (length & 1) {
        const u = v128.load(w), v = v128.load(w, 16);
        let x = v128.load32_splat(p0);
        a0 = madd(x, u, a0);
        b0 = madd(x, v, b0);
        x = v128.load32_splat(p1);
        a1 = madd(x, u, a1);
        b1 = madd(x, v, b1);
        x = v128.load32_splat(p2);
        a2 = madd(x, u, a2);
        b2 = madd(x, v, b2);
        x = v128.load32_splat(p3);
        a3 = madd(x, u, a3);
        b3 = madd(x, v, b3);
        x = v128.load32_splat(p4);
        a4 = madd(x, u, a4);
        b4 = madd(x, v, b4);
        x = v128.load32_splat(p5);
        a5 = madd(x, u, a5);
        b5 = madd(x, v, b5);
        w += EIGHT;
        p0 += 4;
        p1 += 4;
        p2 += 4;
        p3 += 4;
        p4 += 4;
        p5 += 4;
      }
      p0 += nextColumn;
      p1 += nextColumn;
      p2 += nextColumn;
      p3 += nextColumn;
      p4 += nextColumn;
      p5 += nextColumn;
    }
    p0 += nextRow;
    p1 += nextRow;
    p2 += nextRow;
    p3 += nextRow;
    p4 += nextRow;
    p5 += nextRow;
  }
  put(output + load<i32>(table, 4), a0, b0, channels, activation);
  if (count > 1) put(output + load<i32>(table, 4 + 8), a1, b1, channels, activation);
  if (count > 2) put(output + load<i32>(table, 4 + 16), a2, b2, channels, activation);
  if (count > 3) put(output + load<i32>(table, 4 + 24), a3, b3, channels, activation);
  if (count > 4) put(output + load<i32>(table, 4 + 32), a4, b4, channels, activation);
  if (count > 5) put(output + load<i32>(table, 4 + 40), a5, b5, channels, activation);
}

/** Stores up to eight channels of a pixel. */
// @ts-ignore: a decorator of the compiler
@inline
function put(to: usize, a: v128, b: v128, channels: i32, activation: i32): void {
  if (activation != 0) {
    a = activated(a, activation);
    b = activated(b, activation);
  }
  if (channels >= 4) v128.store(to, a);
  if (channels == 8) v128.store(to, b, 16);
  else putSome(to, a, b, channels);
}

/** The order of the arguments lets a NaN through. */
function activated(sum: v128, activation: i32): v128 {
  const positive = f32x4.pmax(sum, f32x4.splat(0));
  return activation == RELU6 ? f32x4.pmin(positive, f32x4.splat(6)) : positive;
}

/** The channels beyond the last four. */
function putSome(to: usize, a: v128, b: v128, channels: i32): void {
  if (channels >= 4) to += FOUR;
  const rest = channels >= 4 ? b : a;
  const count = channels & 3;
  if (count > 0) v128.store_lane<f32>(to, rest, 0);
  if (count > 1) v128.store_lane<f32>(to, rest, 1, 4);
  if (count > 2) v128.store_lane<f32>(to, rest, 2, 8);
}
