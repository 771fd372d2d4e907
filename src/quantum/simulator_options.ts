/** Options of {@linkcode statevectorSimulator}. */
export interface StatevectorSimulatorOptions {
  /** How the state is stored and the results are returned. @default {"f32"} */
  readonly precision?: "f32" | "f64";
  /** What runs it. @default the first of "relaxed", "plain", "typescript" that this runtime can */
  readonly module?: StatevectorModule;
  /**
   * Threads that share a batch, the caller's included: from 9 wires on, and never more than there are
   * groups of 8 samples (4 in f64). Results have the same bytes for any number. One is the default,
   * since most circuits are done before another thread is awake, and a training has better uses for
   * the other cores. @default {1}
   */
  readonly workers?: number;
}

/**
 * What a simulator is made of: WebAssembly with relaxed SIMD, which multiplies and adds in one
 * instruction; with plain SIMD, as in Node 20; or TypeScript, which runs everywhere.
 */
export type StatevectorModule = "relaxed" | "plain" | "typescript";
