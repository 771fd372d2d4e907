// What compile_program.ts writes into memory, word by word, and what a run works on. Every address
// is absolute. The numbers are the same on both sides: program_layout.ts.

// @ts-ignore: a decorator of the compiler
@inline
export function word(address: usize, index: i32): i32 {
  return load<i32>(address + (<usize>index << 2));
}

// @ts-ignore: a decorator of the compiler
@inline
export function at(address: usize, index: i32): usize {
  return load<u32>(address + (<usize>index << 2));
}

// @ts-ignore: a decorator of the compiler
@inline
export function setWord(address: usize, index: i32, value: i32): void {
  store<i32>(address + (<usize>index << 2), value);
}

// The program.
export const WIRES = 0, WIDTH = 1, ROW_SHIFT = 2, TURNS = 3, SUMS = 4, VALUES = 5;
export const SPREADS = 6, SPREAD = 7, SPREAD_SUMS = 8, START = 9, START_DIAGONAL = 10, QUARTERS = 11;
export const PASSES = 12, PASS = 13, OBSERVABLE = 14, PLACE_SUMS = 15, PLACE_ZERO = 16;
export const VECTORS = 17, VECTOR = 18, TABLE_SCRATCH = 19, FRAME = 20, INPUTS = 21;
export const INPUT_DATA = 22, WEIGHT_DATA = 23, COTANGENTS = 24, OUTPUTS = 25, INPUT_SLOPES = 26;
export const CHUNK_SLOPES = 27, WEIGHT_SLOPES = 28, WEIGHTS = 29;

// A sum of angles: whether it is shared, the number of terms, a double, the terms of 64 bytes.
export const SHARED = 0, TERMS = 1;
export const SUM_CONSTANT: usize = 8, SUM_TERMS: usize = 16, TERM_BYTES: usize = 64;
export const TERM_KIND = 0, TERM_INDEX = 1, TERM_OTHER = 2;
export const WEIGHT = 0, INPUT = 1, PRODUCT = 2;
export const FACTOR: usize = 16, SCALE_0: usize = 24, OFFSET_0: usize = 32;
export const SCALE_1: usize = 40, OFFSET_1: usize = 48;

// A turn whose angles are looked up sample by sample: its number and the factor of its angle.
export const VECTOR_BYTES: usize = 16, VECTOR_FACTOR: usize = 8;

// The values of a turn: four doubles.
export const VALUE_BYTES: usize = 32;
export const SIGN: usize = 0, TANGENT: usize = 8, ANGLE: usize = 16, COSINE: usize = 24;
// Of a flip that is not divided by its cosine, the place of the tangent is that of the sine.

// A spreading rotation, five words.
export const SPREAD_WORDS = 5;
export const SPREAD_TURN = 0, SPREAD_FLIP = 1, SPREAD_MASK = 2, SPREAD_REAL = 3, SPREAD_VECTOR = 4;

// A pass.
export const PASS_KIND = 0;
export const BLOCKS = 0, DENSE = 1, EACH = 2;
export const PASS_DIAGONAL = 1, PASS_BITS = 2, PASS_COUNT = 3, PASS_SUMS = 4, PASS_ROWS = 5;
export const PASS_GROUPS = 6, PASS_GROUP = 7;
export const PASS_SCALE: usize = 32;
export const PASS_RUN = 10, PASS_PSI = 11;
// What becomes of ψ: it is turned back on the way back, a pass writes it into a slot of its own, or
// nobody needs what it was before.
export const RESTORED = 0, KEPT = 1, LOST = 2;
export const DENSE_MATRIX = 1, DENSE_COUNT = 3, DENSE_SUMS = 4, DENSE_A = 5, DENSE_B = 6;
export const DENSE_BASE = 7, DENSE_NOW = 8, DENSE_ROW = 9;
export const EACH_SET = 1, EACH_VECTORS = 2;

// A group of flips.
export const GROUP_KIND = 0, GROUP_BIT = 1, GROUP_FLIPS: usize = 8, FLIP_BYTES: usize = 32;
export const GROUP_TABLE = 26, GROUP_END = 27;
export const SHARED_1 = 1, SHARED_2 = 2, SHARED_3 = 3, GENERAL = 4, GENERAL_SHARED = 5;
export const EACH_1 = 6, EACH_2 = 7;
export const FLIP_TURN = 0, FLIP_VECTOR = 1, FLIP = 2, FLIP_MASK = 3, FLIP_REAL = 4;
export const FLIP_CONTROL = 5, FLIP_PARITY = 6, FLIP_PARITY_NOW = 7;

// A diagonal, and a set of its terms with independent masks.
export const SETS = 0, SET = 1, TABLE = 2, CONSTANT = 3, CONSTANT_SETS = 4, CONSTANT_SET = 5;
export const DIAGONAL_FRAME = 6;
export const SET_SIZE = 0, SET_TERMS = 1, SET_SUMS = 2, SET_OTHERS = 3, SET_OTHER_SUMS = 4;
export const SET_ANGLES = 5;

// What a run works on.
export const TAPE = 0, TAPE_STEP = 1, LAMBDA = 2, SLOPES_OF_ROWS = 3, SCRATCH = 4, COLUMNS = 5;
export const LANE_SLOPES = 6, SLOPES = 7, LOW_WEIGHTS = 8, HIGH_WEIGHTS = 9, FOLDED = 10;
export const ANGLES = 11, EACH_TABLE = 12, EACH_SLOPES = 13, ROOM = 14;
