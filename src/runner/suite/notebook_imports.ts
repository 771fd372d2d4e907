/** The code of one notebook and where it runs. */
export interface CodeOfNotebook {
  /** Working folder of its kernel, where relative names start. */
  readonly folder: string;
  /** Its code cells. */
  readonly sources: readonly string[];
}

/** What following the imports of a notebook found. */
export interface Imports {
  /** Absolute paths of local modules, and of files that decide how they are found. */
  readonly modules: readonly string[];
  /** Versions of packages. */
  readonly facts: readonly string[];
  /** Why the imports cannot be told; then nothing may be concluded from the rest. */
  readonly unknown?: string;
}
