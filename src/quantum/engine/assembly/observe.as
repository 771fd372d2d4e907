import { real } from "./real";
import { add, addLanes, madd, mul, sub, toNext, zeros } from "./lanes";
import {
  at, COTANGENTS, FOLDED, FRAME, HIGH_WEIGHTS, LOW_WEIGHTS, OBSERVABLE, OUTPUTS, PLACE_SUMS,
  PLACE_ZERO, ROOM, SCRATCH, WIDTH, WIRES, word,
} from "./layout";

// The rows are visited in the order of the basis states that they stand for, wire 0 on top. Sums run
// over at most 32 rows before they go to doubles.

/** Writes the outputs of the samples from `first` on, and λ = O ψ unless `lambda` is 0. */
export function observe(
  program: usize, run: usize, psi: usize, lambda: usize, first: i32, samples: i32, shift: i32,
): void {
  if (word(program, OBSERVABLE) == 0) {
    if (lambda != 0) fillWeights(program, run, first, samples, shift);
    foldRows(program, run, psi, lambda, shift);
    const wires = word(program, WIRES), width = word(program, WIDTH);
    const outputs = at(program, OUTPUTS) + <usize>(first * wires) * sizeof<real>();
    const row = <usize>wires * sizeof<real>(), end = outputs + <usize>samples * row;
    let from = at(run, FOLDED);
    for (let wire: usize = 0; wire < <usize>wires; wire++, from += <usize>width << 3) {
      let sum = from;
      for (let to = outputs + wire * sizeof<real>(); to < end; to += row, sum += 8) {
        store<real>(to, <real>load<f64>(sum));
      }
    }
  } else {
    for (let j = 0; j < samples; j++) observeStates(program, psi, lambda, first + j, j, shift);
    if (lambda != 0) {
      for (let j = samples; j < word(program, WIDTH); j++) clearSample(program, lambda, j, shift);
    }
  }
}

function observeStates(
  program: usize, psi: usize, lambda: usize, sample: i32, lane: i32, shift: i32,
): void {
  const wires = word(program, WIRES), size = 1 << wires, sums = at(program, PLACE_SUMS);
  const half = <usize>1 << (shift - 1);
  const offset = (<usize>sample << wires) * sizeof<real>();
  let to = at(program, OUTPUTS) + offset, from = at(program, COTANGENTS) + offset;
  let row = word(program, PLACE_ZERO) ^ word(program, FRAME);
  for (let i = 0; i < size; i++) {
    const a = (<usize>row << shift) + <usize>lane * sizeof<real>();
    const re = load<real>(psi + a), im = load<real>(psi + a + half);
    store<real>(to, re * re + im * im);
    if (lambda != 0) {
      const slope = load<real>(from);
      store<real>(lambda + a, slope * re);
      store<real>(lambda + a + half, slope * im);
    }
    to += sizeof<real>();
    from += sizeof<real>();
    if (i + 1 < size) row ^= toNext(sums, i);
  }
}

function clearSample(program: usize, lambda: usize, lane: i32, shift: i32): void {
  const half = <usize>1 << (shift - 1), end = lambda + (<usize>1 << (word(program, WIRES) + shift));
  for (let a = lambda + <usize>lane * sizeof<real>(); a < end; a += half) store<real>(a, 0);
}

/** The diagonal Σ g_i Z_i as sums of two tables, one for the lower wires and one for the upper. */
function fillWeights(program: usize, run: usize, first: i32, samples: i32, shift: i32): void {
  const wires = word(program, WIRES), width = word(program, WIDTH), low = wires >> 1;
  const half = <usize>1 << (shift - 1), room = at(run, ROOM);
  for (let wire = wires - 1, bit = 0; wire >= 0; wire--, bit++) {
    const table = at(run, bit < low ? LOW_WEIGHTS : HIGH_WEIGHTS);
    const size = half << (bit < low ? bit : bit - low);
    let from = at(program, COTANGENTS) + <usize>(first * wires + wire) * sizeof<real>();
    for (let j = 0; j < width; j++) {
      store<real>(room + <usize>j * sizeof<real>(), j < samples ? load<real>(from) : 0);
      from += <usize>wires * sizeof<real>();
    }
    if (bit == 0 || bit == low) memory.fill(table, 0, half);
    if (bit == 0 && low == 0) memory.fill(at(run, LOW_WEIGHTS), 0, half);
    for (let c: usize = 0; c < half; c += 16) {
      const slope = v128.load(room + c);
      for (let i = c; i < size; i += half) {
        const weight = v128.load(table + i);
        v128.store(table + i, add(weight, slope));
        v128.store(table + size + i, sub(weight, slope));
      }
    }
  }
}

function foldRows(program: usize, run: usize, psi: usize, lambda: usize, shift: i32): void {
  const wires = word(program, WIRES), sums = at(program, PLACE_SUMS);
  const half = <usize>1 << (shift - 1), room = at(run, ROOM), folded = at(run, FOLDED);
  const low = wires >> 1, lowBits = (1 << low) - 1, top = 1 << (wires - 1);
  const far = word(sums, wires - 1) ^ (wires > 1 ? word(sums, wires - 2) : 0);
  const lows = at(run, LOW_WEIGHTS), highs = at(run, HIGH_WEIGHTS);
  const doubles = <usize>word(program, WIDTH) << 3;
  memory.fill(folded, 0, <usize>wires * doubles);
  let row = word(program, PLACE_ZERO) ^ word(program, FRAME), to = at(run, SCRATCH);
  for (let i = 0; i < top;) {
    const stop = min(top, i + 32);
    for (let c: usize = 0; c < half; c += 16) v128.store(room + c, zeros());
    for (; i < stop; i++) {
      const a = <usize>row << shift, b = <usize>(row ^ far) << shift;
      const lowRow = lows + <usize>(i & lowBits) * half;
      const highA = highs + <usize>(i >> low) * half, highB = highs + <usize>((i | top) >> low) * half;
      for (let c: usize = 0; c < half; c += 16) {
        const re = v128.load(psi + a + c), im = v128.load(psi + a + half + c);
        const p = madd(re, re, mul(im, im));
        const re2 = v128.load(psi + b + c), im2 = v128.load(psi + b + half + c);
        const q = madd(re2, re2, mul(im2, im2));
        v128.store(room + c, add(v128.load(room + c), sub(p, q)));
        v128.store(to + c, add(p, q));
        if (lambda == 0) continue;
        const lowWeight = v128.load(lowRow + c);
        const w = add(lowWeight, v128.load(highA + c)), w2 = add(lowWeight, v128.load(highB + c));
        v128.store(lambda + a + c, mul(w, re));
        v128.store(lambda + a + half + c, mul(w, im));
        v128.store(lambda + b + c, mul(w2, re2));
        v128.store(lambda + b + half + c, mul(w2, im2));
      }
      to += half;
      if (i + 1 < top) row ^= toNext(sums, i);
    }
    for (let c: usize = 0; c < half; c += 16) {
      addLanes(folded + c * (8 / sizeof<real>()), v128.load(room + c));
    }
  }
  for (let wire = 1; wire < wires; wire++) {
    foldLevel(at(run, SCRATCH), half << (wires - 1 - wire), folded + <usize>wire * doubles, half);
  }
}

/** Adds upper minus lower half to doubles and leaves their sum. */
function foldLevel(rows: usize, size: usize, folded: usize, half: usize): void {
  for (let c: usize = 0; c < half; c += 16) {
    let i = c;
    while (i < size) {
      const stop = min(size, i + 32 * half);
      let sum = zeros();
      for (; i < stop; i += half) {
        const a = v128.load(rows + i), b = v128.load(rows + size + i);
        sum = add(sum, sub(a, b));
        v128.store(rows + i, add(a, b));
      }
      addLanes(folded + c * (8 / sizeof<real>()), sum);
    }
  }
}
