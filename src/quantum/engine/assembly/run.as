import {
  at, BLOCKS, CHUNK_SLOPES, COLUMNS, DENSE, EACH_SET, EACH_SLOPES, EACH_TABLE, EACH_VECTORS,
  FACTOR, GENERAL, GROUP_KIND, INPUT_SLOPES, INPUTS, KEPT, LAMBDA, LANE_SLOPES, PASS, PASS_BITS, PASS_COUNT,
  PASS_DIAGONAL, PASS_GROUP, PASS_GROUPS, PASS_KIND, PASS_PSI, PASS_ROWS, PASS_RUN, PASS_SUMS,
  PASSES, RESTORED, ROW_SHIFT, SCRATCH, SET, SETS, SHARED_3, SIGN, SLOPES, SLOPES_OF_ROWS,
  START_DIAGONAL, SUM_TERMS, SUMS, TABLE, TAPE, TAPE_STEP, TERM_BYTES, TERM_INDEX, TERM_KIND,
  TERMS, TURNS, VALUE_BYTES, VALUES, VECTORS, WEIGHT, WEIGHT_SLOPES, WEIGHTS, WIDTH, WIRES, word,
} from "./layout";
import { real } from "./real";
import { addTo, toNext } from "./lanes";
import { fillColumns, pullBack } from "./angles";
import { turnDense } from "./dense";
import { applyTable, unapplyTable, unapplyWithSlopes } from "./diagonal";
import { applyEach, fillEach, slopesEach } from "./diagonal_each";
import { foldSlopes } from "./fold_slopes";
import { slopeGroup, turnGroup } from "./groups";
import { observe } from "./observe";
import { prepare } from "./prepare";
import { spreadState, unspreadState } from "./spread";

/** Runs a batch from its numbers to its outputs, and with `back` to its slopes. */
export function runBatch(program: usize, run: usize, batch: i32, back: bool): void {
  const width = word(program, WIDTH);
  prepare(program);
  let chunk = 0;
  for (let first = 0; first < batch; first += width, chunk++) {
    runChunk(program, run, chunk, first, min(width, batch - first), back);
  }
  if (back) finish(program, chunk);
}

/**
 * Runs `samples` samples from `first` on; `back` also gathers their slopes, as the chunk with number
 * `chunk`. The states that the way back needs stay on the tape.
 */
export function runChunk(
  program: usize, run: usize, chunk: i32, first: i32, samples: i32, back: bool,
): void {
  const wires = word(program, WIRES), shift = word(program, ROW_SHIFT), passes = word(program, PASSES);
  const step = back ? at(run, TAPE_STEP) : 0;
  let psi = at(run, TAPE);
  fillColumns(program, run, first, shift);
  spreadState(program, run, psi, at(run, LAMBDA), wires, shift);
  for (let p = 0; p < passes; p++) {
    const pass = at(at(program, PASS), p), move = word(pass, PASS_PSI) == KEPT ? step : 0;
    forwardPass(program, run, pass, psi, move, shift);
    psi += move;
  }
  observe(program, run, psi, back ? at(run, LAMBDA) : 0, first, samples, shift);
  if (!back) return;
  memory.fill(at(run, LANE_SLOPES), 0, <usize>(word(program, VECTORS) * word(program, WIDTH)) << 3);
  memory.fill(at(run, SLOPES), 0, <usize>word(program, TURNS) << 3);
  for (let p = passes - 1; p >= 0; p--) {
    const pass = at(at(program, PASS), p), earlier = word(pass, PASS_RUN);
    // Passes of a run commute, so that ψ after the last of them serves the slopes of all.
    for (let k = p - earlier; k < p; k++) {
      slopesOfPass(program, run, at(at(program, PASS), k), psi, shift);
    }
    backwardPass(program, run, pass, psi, step, true, shift);
    for (let k = p - 1; k >= p - earlier; k--) {
      backwardPass(program, run, at(at(program, PASS), k), psi, step, false, shift);
    }
    p -= earlier;
    if (word(at(at(program, PASS), p), PASS_PSI) == KEPT) psi -= step;
  }
  const diagonal = at(program, START_DIAGONAL);
  const kept = diagonal != 0 && word(diagonal, SETS) > 0 ? at(run, SLOPES_OF_ROWS) : 0;
  unspreadState(program, run, at(run, LAMBDA), at(run, TAPE), kept, wires, shift);
  if (kept != 0) foldDiagonal(diagonal, run);
  finishChunk(program, run, chunk, first);
}

function finishChunk(program: usize, run: usize, chunk: i32, first: i32): void {
  const turns = word(program, TURNS), slopes = at(run, SLOPES), values = at(program, VALUES);
  const to = at(program, CHUNK_SLOPES) + (<usize>(chunk * turns) << 3);
  for (let turn = 0; turn < turns; turn++) {
    const sign = load<f64>(values + <usize>turn * VALUE_BYTES + SIGN);
    store<f64>(to + (<usize>turn << 3), sign * load<f64>(slopes + (<usize>turn << 3)));
  }
  pullBack(program, run, first, to);
}

/**
 * Adds up the slopes of all chunks, in their order, and moves them to the weights; leaves those of
 * inputs and weights as numbers, side by side from where the doubles began.
 */
export function finish(program: usize, chunks: i32): void {
  const turns = word(program, TURNS), from = at(program, CHUNK_SLOPES);
  const to = at(program, WEIGHT_SLOPES);
  memory.fill(to, 0, <usize>word(program, WEIGHTS) << 3);
  for (let turn = 0; turn < turns; turn++) {
    const sum = at(at(program, SUMS), turn);
    let slope: f64 = 0;
    for (let k = 0; k < chunks; k++) slope += load<f64>(from + (<usize>(k * turns + turn) << 3));
    for (let k = 0; k < word(sum, TERMS); k++) {
      const term = sum + SUM_TERMS + <usize>k * TERM_BYTES;
      if (word(term, TERM_KIND) != WEIGHT) continue;
      addTo(to + (at(term, TERM_INDEX) << 3), load<f64>(term, FACTOR) * slope);
    }
  }
  if (sizeof<real>() == 8) return;
  narrow(to, word(program, WEIGHTS));
  narrow(at(program, INPUT_SLOPES), chunks * word(program, WIDTH) * word(program, INPUTS));
}

/** Turns doubles into numbers where they stand; each is read before its place is needed. */
function narrow(from: usize, count: i32): void {
  const end = from + (<usize>count << 3);
  let to = from;
  for (; from + 32 <= end; from += 32, to += 16) {
    const low = f32x4.demote_f64x2_zero(v128.load(from));
    const high = f32x4.demote_f64x2_zero(v128.load(from, 16));
    v128.store(to, v128.shuffle<i32>(low, high, 0, 1, 4, 5));
  }
  for (; from < end; from += 8, to += 4) store<f32>(to, <f32>load<f64>(from));
}

function forwardPass(
  program: usize, run: usize, pass: usize, psi: usize, move: usize, shift: i32,
): void {
  const kind = word(pass, PASS_KIND);
  if (kind == DENSE) return turnDense(pass, psi, move, shift, false);
  if (kind != BLOCKS) {
    const set = at(pass, EACH_SET), table = at(run, EACH_TABLE);
    fillEach(set, table, at(pass, EACH_VECTORS), at(run, COLUMNS), shift);
    return applyEach(set, psi, move, table, shift, false);
  }
  const bits = word(pass, PASS_BITS), rows = at(pass, PASS_ROWS), count = word(pass, PASS_COUNT);
  const diagonal = at(pass, PASS_DIAGONAL), groups = word(pass, PASS_GROUPS);
  const first = groups == 0 ? GENERAL : word(at(at(pass, PASS_GROUP), 0), GROUP_KIND);
  let base = 0;
  for (let block = 0; block < count; block++) {
    let from = psi, left = move;
    if (diagonal != 0) {
      applyTable(psi, move, base, rows, bits, shift, at(diagonal, TABLE));
      from += move;
      left = 0;
    } else if (move != 0 && first > SHARED_3) {
      copyBlock(psi, move, base, rows, bits, shift);
      from += move;
      left = 0;
    }
    for (let g = 0; g < groups; g++) {
      turnGroup(program, run, at(at(pass, PASS_GROUP), g), from, left, base, rows, bits, shift, false);
      from += left;
      left = 0;
    }
    if (block + 1 < count) base ^= toNext(at(pass, PASS_SUMS), block);
  }
}

function copyBlock(state: usize, move: usize, base: i32, rows: usize, bits: i32, shift: i32): void {
  const end = rows + (<usize>1 << (bits + 2));
  for (; rows < end; rows += 4) {
    const a = state + (<usize>(base ^ load<i32>(rows)) << shift);
    for (let k = a; k < a + (<usize>1 << shift); k += 32) {
      v128.store(k + move, v128.load(k));
      v128.store(k + move, v128.load(k, 16), 16);
    }
  }
}

function slopesOfPass(program: usize, run: usize, pass: usize, psi: usize, shift: i32): void {
  const bits = word(pass, PASS_BITS), rows = at(pass, PASS_ROWS), count = word(pass, PASS_COUNT);
  const move = at(run, LAMBDA) - psi;
  let base = 0;
  for (let block = 0; block < count; block++) {
    slopesOfBlock(program, run, pass, psi, move, base, rows, bits, shift);
    if (block + 1 < count) base ^= toNext(at(pass, PASS_SUMS), block);
  }
}

function slopesOfBlock(
  program: usize, run: usize, pass: usize, psi: usize, move: usize, base: i32, rows: usize,
  bits: i32, shift: i32,
): void {
  for (let g = word(pass, PASS_GROUPS) - 1; g >= 0; g--) {
    slopeGroup(program, run, at(at(pass, PASS_GROUP), g), psi, move, base, rows, bits, shift);
  }
}

/** The adjoint method (Jones and Gacon, 2020): λ goes back through a pass, and so may ψ. */
function backwardPass(
  program: usize, run: usize, pass: usize, psi: usize, step: usize, withSlopes: bool, shift: i32,
): void {
  const kind = word(pass, PASS_KIND), lambda = at(run, LAMBDA);
  const restored = word(pass, PASS_PSI) == RESTORED;
  if (kind == DENSE) {
    turnDense(pass, lambda, 0, shift, true);
    if (restored) turnDense(pass, psi, 0, shift, true);
    return;
  }
  if (kind != BLOCKS) {
    const set = at(pass, EACH_SET), table = at(run, EACH_TABLE), vectors = at(pass, EACH_VECTORS);
    fillEach(set, table, vectors, at(run, COLUMNS), shift);
    // These slopes are the same before and after the phases.
    slopesEach(set, psi, lambda, at(run, EACH_SLOPES), vectors, at(run, LANE_SLOPES), shift);
    applyEach(set, lambda, 0, table, shift, true);
    if (restored) applyEach(set, psi, 0, table, shift, true);
    return;
  }
  const bits = word(pass, PASS_BITS), rows = at(pass, PASS_ROWS), count = word(pass, PASS_COUNT);
  const diagonal = at(pass, PASS_DIAGONAL), groups = word(pass, PASS_GROUPS);
  const slopes = diagonal != 0 && word(diagonal, SETS) > 0;
  const before = word(pass, PASS_PSI) == KEPT ? psi - step : psi;
  let base = 0;
  for (let block = 0; block < count; block++) {
    if (withSlopes) {
      slopesOfBlock(program, run, pass, psi, lambda - psi, base, rows, bits, shift);
    }
    for (let g = groups - 1; g >= 0; g--) {
      const group = at(at(pass, PASS_GROUP), g);
      turnGroup(program, run, group, lambda, 0, base, rows, bits, shift, true);
      if (restored) turnGroup(program, run, group, psi, 0, base, rows, bits, shift, true);
    }
    if (diagonal != 0) {
      const table = at(diagonal, TABLE);
      if (restored) unapplyTable(psi, base, rows, bits, shift, table);
      if (slopes) {
        const to = at(run, SLOPES_OF_ROWS);
        unapplyWithSlopes(before, lambda - before, base, rows, bits, shift, table, to);
      } else unapplyTable(lambda, base, rows, bits, shift, table);
    }
    if (block + 1 < count) base ^= toNext(at(pass, PASS_SUMS), block);
  }
  if (slopes) foldDiagonal(diagonal, run);
}

function foldDiagonal(diagonal: usize, run: usize): void {
  for (let k = 0; k < word(diagonal, SETS); k++) {
    foldSlopes(at(at(diagonal, SET), k), at(run, SLOPES_OF_ROWS), at(run, SCRATCH), at(run, SLOPES));
  }
}
