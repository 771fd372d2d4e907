import { addTo } from "./lanes";
import { real } from "./real";
import { sincosFour, sincosTwo } from "./sincos";
import {
  ANGLES, at, COLUMNS, FACTOR, INPUT_DATA, INPUT_SLOPES, INPUTS, LANE_SLOPES,
  PRODUCT, SCALE_0, SCALE_1, SIGN, SUM_CONSTANT, SUM_TERMS, SUMS, TERM_BYTES, TERM_INDEX, TERM_KIND,
  TERM_OTHER, TERMS, VALUE_BYTES, VALUES, VECTOR, VECTOR_BYTES, VECTOR_FACTOR, VECTORS, WEIGHT,
  WEIGHT_DATA, WIDTH, word,
} from "./layout";

/** Cosines and sines of the samples from `first` on, half a row each, for each turn that has them. */
export function fillColumns(program: usize, run: usize, first: i32, shift: i32): void {
  const width = word(program, WIDTH), angles = at(run, ANGLES);
  const half = <usize>1 << (shift - 1), end = angles + (<usize>width << 3);
  for (let v = 0; v < word(program, VECTORS); v++) {
    const vector = at(program, VECTOR) + <usize>v * VECTOR_BYTES, turn = word(vector, 0);
    const sign = load<f64>(at(program, VALUES) + <usize>turn * VALUE_BYTES + SIGN);
    const factor = f64x2.splat(sign * load<f64>(vector, VECTOR_FACTOR));
    sampleAngles(program, turn, angles, first, width);
    let to = at(run, COLUMNS) + (<usize>v << shift);
    if (sizeof<real>() == 4) {
      for (let from = angles; from < end; from += 32, to += 16) {
        const low = f64x2.mul(v128.load(from), factor);
        sincosFour(low, f64x2.mul(v128.load(from, 16), factor), to, to + half);
      }
    } else {
      for (let from = angles; from < end; from += 16, to += 16) {
        sincosTwo(f64x2.mul(v128.load(from), factor), to, to + half);
      }
    }
  }
}

function sampleAngles(program: usize, turn: i32, angles: usize, first: i32, width: i32): void {
  const sum = at(at(program, SUMS), turn), inputs = <usize>word(program, INPUTS) << 3;
  const row = at(program, INPUT_DATA) + <usize>first * inputs;
  const end = angles + (<usize>width << 3);
  let constant = load<f64>(sum, SUM_CONSTANT);
  const terms = word(sum, TERMS);
  for (let k = 0; k < terms; k++) {
    const term = sum + SUM_TERMS + <usize>k * TERM_BYTES;
    if (word(term, TERM_KIND) != WEIGHT) continue;
    const weight = at(program, WEIGHT_DATA) + (at(term, TERM_INDEX) << 3);
    constant += load<f64>(term, FACTOR) * load<f64>(weight);
  }
  for (let to = angles; to < end; to += 8) store<f64>(to, constant);
  for (let k = 0; k < terms; k++) {
    const term = sum + SUM_TERMS + <usize>k * TERM_BYTES, kind = word(term, TERM_KIND);
    if (kind == WEIGHT) continue;
    const factor = load<f64>(term, FACTOR);
    let from = row + (at(term, TERM_INDEX) << 3);
    if (kind == PRODUCT) {
      let other = row + (at(term, TERM_OTHER) << 3);
      for (let to = angles; to < end; to += 8) {
        store<f64>(to, load<f64>(to) + factor * affine(term, SCALE_0, from) * affine(term, SCALE_1, other));
        from += inputs;
        other += inputs;
      }
      continue;
    }
    for (let to = angles; to < end; to += 8) {
      store<f64>(to, load<f64>(to) + factor * load<f64>(from));
      from += inputs;
    }
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function affine(term: usize, scale: usize, x: usize): f64 {
  return load<f64>(term + scale) * load<f64>(x) + load<f64>(term + scale + 8);
}

/** Adds the slopes of the samples to their inputs, and each turn's sum over the samples to `slopes`. */
export function pullBack(program: usize, run: usize, first: i32, slopes: usize): void {
  const width = word(program, WIDTH), inputs = <usize>word(program, INPUTS) << 3;
  const to = at(program, INPUT_SLOPES) + <usize>first * inputs;
  const row = at(program, INPUT_DATA) + <usize>first * inputs;
  memory.fill(to, 0, <usize>width * inputs);
  for (let v = 0; v < word(program, VECTORS); v++) {
    const turn = word(at(program, VECTOR) + <usize>v * VECTOR_BYTES, 0);
    const sign = load<f64>(at(program, VALUES) + <usize>turn * VALUE_BYTES + SIGN);
    const lanes = at(run, LANE_SLOPES) + (<usize>(v * width) << 3);
    const sum = at(at(program, SUMS), turn);
    store<f64>(slopes + (<usize>turn << 3), sign * sumOf(lanes, width));
    for (let k = 0; k < word(sum, TERMS); k++) {
      const term = sum + SUM_TERMS + <usize>k * TERM_BYTES, kind = word(term, TERM_KIND);
      if (kind == WEIGHT) continue;
      const factor = sign * load<f64>(term, FACTOR);
      const index = at(term, TERM_INDEX) << 3, other = at(term, TERM_OTHER) << 3;
      const end = lanes + (<usize>width << 3);
      if (kind == PRODUCT) {
        let sample: usize = 0;
        for (let lane = lanes; lane < end; lane += 8, sample += inputs) {
          const slope = factor * load<f64>(lane);
          const x = affine(term, SCALE_0, row + sample + index);
          const y = affine(term, SCALE_1, row + sample + other);
          addTo(to + sample + index, slope * load<f64>(term, SCALE_0) * y);
          addTo(to + sample + other, slope * load<f64>(term, SCALE_1) * x);
        }
        continue;
      }
      let a = to + index;
      for (let lane = lanes; lane < end; lane += 8, a += inputs) addTo(a, factor * load<f64>(lane));
    }
  }
}

/** The sum of doubles, whose number is a multiple of 4. */
function sumOf(from: usize, count: i32): f64 {
  const end = from + (<usize>count << 3);
  let a = f64x2.splat(0), b = f64x2.splat(0);
  for (; from < end; from += 32) {
    a = f64x2.add(a, v128.load(from));
    b = f64x2.add(b, v128.load(from, 16));
  }
  const sum = f64x2.add(a, b);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
