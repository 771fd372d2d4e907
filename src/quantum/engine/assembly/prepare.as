import { real } from "./real";
import { parity, REAL, signOf } from "./lanes";
import {
  ANGLE, at, BLOCKS, COSINE, CONSTANT_SETS, DENSE, DENSE_A, DENSE_B, DENSE_BASE, DENSE_MATRIX,
  DENSE_NOW, DENSE_ROW, DIAGONAL_FRAME, EACH_2, EACH_SET, FACTOR, FLIP, FLIP_BYTES, FLIP_CONTROL, FLIP_MASK,
  FLIP_PARITY, FLIP_PARITY_NOW, FLIP_TURN, FRAME, GENERAL_SHARED, GROUP_FLIPS, GROUP_KIND, PASS, PASS_DIAGONAL,
  PASS_GROUP, PASS_GROUPS, PASS_KIND, PASS_SCALE, PASSES, SET, SET_SIZE, SET_TERMS, SETS, SHARED,
  SHARED_3, SIGN, START_DIAGONAL, setWord, SUM_CONSTANT, SUM_TERMS, SUMS, TABLE, TABLE_SCRATCH,
  TANGENT, TERM_BYTES, TERM_INDEX, TERMS, TURNS, VALUE_BYTES, VALUES, WEIGHT_DATA, WIRES, word,
} from "./layout";
import { fillConstant, fillTable } from "./diagonal";
import { cosine, sincos, sine } from "./sincos";
import { fillQuarters, fillStart } from "./spread";

const PI: f64 = 3.14159265358979323846;

/** Fills what no parameter changes. */
export function load_(program: usize): void {
  fillQuarters(program);
  fillDiagonalConstant(at(program, START_DIAGONAL), at(program, TABLE_SCRATCH));
  for (let p = 0; p < word(program, PASSES); p++) {
    const pass = at(at(program, PASS), p);
    if (word(pass, PASS_KIND) == BLOCKS) {
      fillDiagonalConstant(at(pass, PASS_DIAGONAL), at(program, TABLE_SCRATCH));
    }
  }
}

function fillDiagonalConstant(diagonal: usize, scratch: usize): void {
  if (diagonal != 0 && word(diagonal, CONSTANT_SETS) > 0) fillConstant(diagonal, scratch);
}

// Half turns are not executed: exp(-iθ/2 P) with θ = φ + kπ is exp(-iφ/2 P) and, for odd k, the Pauli
// string P, which moves past all that follows to the observable. On its way it changes the sign of
// every string that it does not commute with. `flip` and `mask` are the product of those so far.
let flip: i32 = 0;
let mask: i32 = 0;

/** Computes all that the samples share: angles, tangents, tables. */
export function prepare(program: usize): void {
  const values = at(program, VALUES);
  flip = 0;
  mask = 0;
  for (let turn = 0; turn < word(program, TURNS); turn++) {
    const value = values + <usize>turn * VALUE_BYTES;
    store<f64>(value, 1, SIGN);
    store<f64>(value, sharedAngle(program, turn), ANGLE);
  }
  const passes = word(program, PASSES);
  for (let p = 0; p < passes; p++) preparePass(at(at(program, PASS), p), values);
  setWord(program, FRAME, flip);
  let scale: f64 = 1;
  const scratch = at(program, TABLE_SCRATCH), wires = word(program, WIRES);
  for (let p = passes - 1; p >= 0; p--) {
    const pass = at(at(program, PASS), p);
    if (word(pass, PASS_KIND) != BLOCKS) continue;
    scale *= load<f64>(pass + PASS_SCALE);
    if (at(pass, PASS_DIAGONAL) == 0) continue;
    fillTable(at(pass, PASS_DIAGONAL), scratch, values, wires, scale);
    scale = 1;
  }
  const first = at(program, START_DIAGONAL);
  if (first != 0) {
    setWord(first, DIAGONAL_FRAME, 0);
    fillTable(first, scratch, values, wires, scale);
  }
  fillStart(program, first == 0 ? 0 : at(first, TABLE), scale);
}

function sharedAngle(program: usize, turn: i32): f64 {
  const sum = at(at(program, SUMS), turn), weights = at(program, WEIGHT_DATA);
  let angle = load<f64>(sum, SUM_CONSTANT);
  if (word(sum, SHARED) == 0) return 0;
  let term = sum + SUM_TERMS;
  for (let k = 0; k < word(sum, TERMS); k++, term += TERM_BYTES) {
    angle += load<f64>(term, FACTOR) * load<f64>(weights + (at(term, TERM_INDEX) << 3));
  }
  return angle;
}

function preparePass(pass: usize, values: usize): void {
  const kind = word(pass, PASS_KIND);
  if (kind == DENSE) return prepareDense(pass);
  if (kind != BLOCKS) return signTerms(at(pass, EACH_SET), values);
  const diagonal = at(pass, PASS_DIAGONAL);
  if (diagonal != 0) {
    setWord(diagonal, DIAGONAL_FRAME, flip);
    for (let k = 0; k < word(diagonal, SETS); k++) signTerms(at(at(diagonal, SET), k), values);
  }
  let scale: f64 = 1;
  for (let g = 0; g < word(pass, PASS_GROUPS); g++) {
    const group = at(at(pass, PASS_GROUP), g), kind = word(group, GROUP_KIND);
    const count = kind <= SHARED_3 ? kind : kind == EACH_2 ? 2 : 1;
    for (let k = 0; k < count; k++) {
      const at_ = group + GROUP_FLIPS + <usize>k * FLIP_BYTES;
      const value = values + at(at_, FLIP_TURN) * VALUE_BYTES;
      const sign = signOf((flip & word(at_, FLIP_MASK))) * signOf(mask & word(at_, FLIP));
      store<f64>(value, sign, SIGN);
      setWord(at_, FLIP_PARITY_NOW, word(at_, FLIP_PARITY) ^ parity(flip & word(at_, FLIP_CONTROL)));
      if (kind == GENERAL_SHARED) {
        sincos(load<f64>(value, ANGLE) / 2);
        store<f64>(value, sign * sine, TANGENT);
        store<f64>(value, cosine, COSINE);
      }
      if (kind > SHARED_3) continue;
      const angle = load<f64>(value, ANGLE), turns = nearest(angle / PI);
      sincos((angle - turns * PI) / 2);
      store<f64>(value, sign * sine / cosine, TANGENT);
      scale *= cosine;
      if (<i64>turns & 1) {
        flip ^= word(at_, FLIP);
        mask ^= word(at_, FLIP_MASK);
      }
    }
  }
  store<f64>(pass + PASS_SCALE, scale);
}

function signTerms(set: usize, values: usize): void {
  for (let j = 0; j < word(set, SET_SIZE); j++) {
    const term = at(set, SET_TERMS) + <usize>(8 * j);
    store<f64>(values + at(term, 0) * VALUE_BYTES, signOf(flip & word(term, 1)), SIGN);
  }
}

function prepareDense(pass: usize): void {
  const from = at(pass, DENSE_MATRIX), to = at(pass, DENSE_NOW);
  const a = parity(mask & word(pass, DENSE_A)), b = parity(mask & word(pass, DENSE_B));
  setWord(pass, DENSE_ROW, word(pass, DENSE_BASE) ^ flip);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      const differ = i ^ j;
      const sign = <f64>(1 - 2 * ((a & (differ >> 1)) ^ (b & (differ & 1))));
      const k = <usize>(4 * i + j);
      store<real>(to + 2 * k * REAL, <real>(sign * load<f64>(from + 16 * k)));
      store<real>(to + (2 * k + 1) * REAL, <real>(sign * load<f64>(from + 16 * k + 8)));
    }
  }
}
