// The same numbers as in assembly/layout.as, where they are explained.

/** Kinds of passes. */
export const PASS = { blocks: 0, dense: 1, each: 2 } as const;
/** Kinds of groups of flips; to those that come in several sizes, the number of flips is added. */
export const GROUP = { shared: 0, general: 4, generalShared: 5, each: 5 } as const;
/** Kinds of terms of an angle. */
export const TERM = { weight: 0, input: 1, product: 2 } as const;
/** Bytes of the values of a turn. */
export const VALUE_BYTES = 32;
/** What becomes of ψ in a pass. */
export const PSI = { restored: 0, kept: 1, lost: 2 } as const;
