/** A fault that the type check found in a cell. */
export interface TypeFault {
  /** Path of the notebook, as it was given. */
  readonly path: string;
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;
  /** The cell's id. */
  readonly cellId: string;
  /** Line of the cell, from 1. */
  readonly line: number;
  /** Column of that line, from 1, in UTF-16 units as editors count. */
  readonly column: number;
  /**
   * `"type"` is the compiler's word; `"syntax"` is a cell that the kernel would refuse to run at
   * all; `"import"` a module that cannot be found or loaded.
   */
  readonly kind: "type" | "syntax" | "import";
  /** Such as `"TS2345"`; `"SyntaxError"` for kind `"syntax"`. */
  readonly code: string;
  /** What is wrong; further lines give the details. */
  readonly message: string;
}
