// A small foreign-function interface: a library of C functions, opened the way the runtime can.

/** Types of arguments and results; addresses are numbers, as no machine has 2^53 bytes. */
export type ForeignType = "address" | "i32" | "f32" | "void";

/** For each function the type of its result, then those of its parameters. */
export type Signatures = Readonly<
  Record<string, readonly [result: ForeignType, ...parameters: ForeignType[]]>
>;

/** Functions as they are called; one without a result gives undefined, typed as a number here. */
export type ForeignFunctions<S extends Signatures> = {
  readonly [name in keyof S]: (...values: readonly (number | bigint)[]) => number;
};

/** An open library; it stays loaded, as threads of its own may be in it. */
export interface ForeignLibrary<S extends Signatures> {
  readonly functions: ForeignFunctions<S>;
  /** Where the bytes of a view begin in the memory of the process. */
  addressOf(view: Uint8Array): number;
  /** A copy of bytes that belong to the library. */
  read(address: number, bytes: number): Uint8Array<ArrayBuffer>;
}

/** What a runtime has to call native libraries. */
export interface ForeignInterface {
  /**
   * Opens the library of a path, or of a name that the system's loader looks for.
   *
   * @throws {Error} when it is not found, does not load, or lacks a function
   */
  open<S extends Signatures>(library: string, signatures: S): ForeignLibrary<S>;
}
