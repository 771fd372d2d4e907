import {
  at, COLUMNS, COSINE, EACH_1, EACH_2, FLIP_BYTES, FLIP_CONTROL, FLIP_MASK, FLIP_PARITY_NOW, FLIP_REAL,
  FLIP_TURN, FLIP_VECTOR, GENERAL_SHARED, GROUP_BIT, GROUP_END, GROUP_FLIPS, GROUP_TABLE,
  GROUP_KIND, LANE_SLOPES, ROOM, SHARED_1, SHARED_2, SHARED_3, SLOPES, TANGENT, VALUE_BYTES,
  VALUES, WIDTH, word,
} from "./layout";
import { slopeOne, slopeThree, slopeTwo } from "./slope_flips";
import { turnOne, turnOneTo, turnThree, turnThreeTo, turnTwo, turnTwoTo } from "./turn_flips";
import { slopeOneEach, slopeTwoEach } from "./slope_real_each";
import { turnOneEach, turnTwoEach } from "./turn_real_each";
import { slopeGeneral, turnGeneral } from "./turns_each";
import { slopeGeneralShared, turnGeneralShared } from "./turns_general";

// @ts-ignore: a decorator of the compiler
@inline
function tangent(program: usize, flip: usize, back: bool): f64 {
  const t = load<f64>(at(program, VALUES) + at(flip, FLIP_TURN) * VALUE_BYTES + TANGENT);
  return back ? -t : t;
}

/** Turns a block by the flips of a group, or back; `move` is only for the first kinds. */
export function turnGroup(
  program: usize, run: usize, group: usize, state: usize, move: usize, base: i32, rows: usize,
  bits: i32, shift: i32, back: bool,
): void {
  const kind = word(group, GROUP_KIND), first = group + GROUP_FLIPS;
  const second = first + FLIP_BYTES, third = second + FLIP_BYTES;
  const table = at(group, GROUP_TABLE), end = at(group, GROUP_END), length = <usize>1 << shift;
  const from = base << shift;
  if (kind == SHARED_3) {
    const t0 = tangent(program, first, back), t1 = tangent(program, second, back);
    const t2 = tangent(program, third, back);
    if (move == 0) turnThree(state, from, table, end, length, t0, t1, t2);
    else turnThreeTo(state, move, from, table, end, length, t0, t1, t2);
  } else if (kind == SHARED_2) {
    const t0 = tangent(program, first, back), t1 = tangent(program, second, back);
    if (move == 0) turnTwo(state, from, table, end, length, t0, t1);
    else turnTwoTo(state, move, from, table, end, length, t0, t1);
  } else if (kind == SHARED_1) {
    const t0 = tangent(program, first, back);
    if (move == 0) turnOne(state, from, table, end, length, t0);
    else turnOneTo(state, move, from, table, end, length, t0);
  } else {
    const columns = at(run, COLUMNS);
    const turns = columns + (at(first, FLIP_VECTOR) << shift);
    if (kind == EACH_1) {
      turnOneEach(state, from, table, end, length >> 1, turns, back);
    } else if (kind == EACH_2) {
      const turns1 = columns + (at(second, FLIP_VECTOR) << shift);
      turnTwoEach(state, from, table, end, length >> 1, turns, turns1, at(run, ROOM), back);
    } else if (kind == GENERAL_SHARED) {
      const value = at(program, VALUES) + at(first, FLIP_TURN) * VALUE_BYTES;
      turnGeneralShared(
        state, base, rows, bits, word(group, GROUP_BIT), shift, word(first, FLIP_MASK),
        word(first, FLIP_REAL) != 0, word(first, FLIP_CONTROL), word(first, FLIP_PARITY_NOW),
        load<f64>(value, COSINE), load<f64>(value, TANGENT), back,
      );
    } else {
      turnGeneral(
        state, base, rows, bits, word(group, GROUP_BIT), shift, word(first, FLIP_MASK),
        word(first, FLIP_REAL) != 0, word(first, FLIP_CONTROL), word(first, FLIP_PARITY_NOW), turns,
        back,
      );
    }
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function slopeAt(run: usize, flip: usize): usize {
  return at(run, SLOPES) + (at(flip, FLIP_TURN) << 3);
}

/** Adds the slopes of the flips of a group. */
export function slopeGroup(
  program: usize, run: usize, group: usize, psi: usize, move: usize, base: i32, rows: usize,
  bits: i32, shift: i32,
): void {
  const kind = word(group, GROUP_KIND), first = group + GROUP_FLIPS;
  const second = first + FLIP_BYTES, third = second + FLIP_BYTES;
  const table = at(group, GROUP_TABLE), end = at(group, GROUP_END), length = <usize>1 << shift;
  const from = base << shift;
  if (kind == SHARED_3) {
    slopeThree(
      psi, move, from, table, end, length,
      slopeAt(run, first), slopeAt(run, second), slopeAt(run, third),
    );
  } else if (kind == SHARED_2) {
    slopeTwo(psi, move, from, table, end, length, slopeAt(run, first), slopeAt(run, second));
  } else if (kind == SHARED_1) {
    slopeOne(psi, move, from, table, end, length, slopeAt(run, first));
  } else {
    const lanes = at(run, LANE_SLOPES), width = at(program, WIDTH);
    const to = lanes + ((at(first, FLIP_VECTOR) * width) << 3);
    if (kind == EACH_1) {
      slopeOneEach(psi, move, from, table, end, length >> 1, at(run, ROOM), to);
    } else if (kind == EACH_2) {
      const to1 = lanes + ((at(second, FLIP_VECTOR) * width) << 3);
      slopeTwoEach(psi, move, from, table, end, length >> 1, at(run, ROOM), to, to1);
    } else if (kind == GENERAL_SHARED) {
      slopeGeneralShared(
        psi, move, base, rows, bits, word(group, GROUP_BIT), shift, word(first, FLIP_MASK),
        word(first, FLIP_REAL) != 0, word(first, FLIP_CONTROL), word(first, FLIP_PARITY_NOW),
        slopeAt(run, first),
      );
    } else {
      slopeGeneral(
        psi, move, base, rows, bits, word(group, GROUP_BIT), shift, word(first, FLIP_MASK),
        word(first, FLIP_REAL) != 0, word(first, FLIP_CONTROL), word(first, FLIP_PARITY_NOW),
        at(run, ROOM), to,
      );
    }
  }
}
