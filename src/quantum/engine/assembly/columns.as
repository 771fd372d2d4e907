// An address takes a constant along for free if the compiler knows it, which it does not for the
// argument of a function, not even an inlined one. A type it knows: these stand for the four columns
// of 16 bytes that the kernels read in a row.

// @ts-ignore: a decorator of the compiler
@unmanaged
export class Column0 {
  x: v128;
}

// @ts-ignore: a decorator of the compiler
@unmanaged
export class Column1 {
  a: v128;
  x: v128;
}

// @ts-ignore: a decorator of the compiler
@unmanaged
export class Column2 {
  a: v128;
  b: v128;
  x: v128;
}

// @ts-ignore: a decorator of the compiler
@unmanaged
export class Column3 {
  a: v128;
  b: v128;
  c: v128;
  x: v128;
}

/** Loads from a column of the row that starts at an address. */
// @ts-ignore: a decorator of the compiler
@inline
export function read<Column>(row: usize): v128 {
  return v128.load(row, offsetof<Column>("x"));
}

/** Stores into it. */
// @ts-ignore: a decorator of the compiler
@inline
export function write<Column>(row: usize, value: v128): void {
  v128.store(row, value, offsetof<Column>("x"));
}
