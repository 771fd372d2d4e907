import type { CompatibilityRow } from "./compatibility_row.ts";
import { DENO_KERNEL_ROWS } from "./rows/deno_kernel.ts";
import { FIGURE_ROWS } from "./rows/figures.ts";
import { GPU_ROWS } from "./rows/gpu.ts";
import { NATIVE_ADDON_ROWS } from "./rows/native_addons.ts";
import { NATIVE_TENSORFLOW_ROWS } from "./rows/native_tensorflow.ts";
import { NATIVE_TENSORFLOW_GPU_ROWS } from "./rows/native_tensorflow_gpu.ts";
import { NATIVE_TENSORFLOW_LIBRARY_ROWS } from "./rows/native_tensorflow_library.ts";
import { NODE_KERNEL_ROWS } from "./rows/node_kernels.ts";
import { PACKAGING_ROWS } from "./rows/packaging.ts";
import { PYTHON_ROWS } from "./rows/python.ts";
import { QUANTUM_ROWS } from "./rows/quantum.ts";
import { TENSORFLOW_ROWS } from "./rows/tensorflow.ts";

/** Rows that belong together. */
export interface CompatibilityGroup {
  /** What they are about. */
  readonly title: string;
  readonly rows: readonly CompatibilityRow[];
}

/** The matrix by groups. */
export const COMPATIBILITY_GROUPS: readonly CompatibilityGroup[] = [
  { title: "TensorFlow.js", rows: TENSORFLOW_ROWS },
  {
    title: "Native TensorFlow",
    rows: [
      ...NATIVE_TENSORFLOW_ROWS,
      ...NATIVE_TENSORFLOW_GPU_ROWS,
      ...NATIVE_TENSORFLOW_LIBRARY_ROWS,
    ],
  },
  { title: "Quantum simulators", rows: QUANTUM_ROWS },
  { title: "Deno's notebook kernel", rows: DENO_KERNEL_ROWS },
  { title: "tslab and all kernels", rows: NODE_KERNEL_ROWS },
  { title: "Packages with native parts", rows: NATIVE_ADDON_ROWS },
  { title: "Figures", rows: FIGURE_ROWS },
  { title: "GPUs and drivers", rows: GPU_ROWS },
  { title: "Python beside it", rows: PYTHON_ROWS },
  { title: "Registries and bundles", rows: PACKAGING_ROWS },
];

/**
 * What does not go together, why, and what can be done: each row with the texts it is known by.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { COMPATIBILITY_MATRIX } from "@qsight/qsight/hardware";
 *
 * const row = COMPATIBILITY_MATRIX.find(({ id }) => id === "QC501");
 * assert.match(row?.fixes.configuration.do ?? "", /0\.24\.1/);
 * ```
 */
export const COMPATIBILITY_MATRIX: readonly CompatibilityRow[] = COMPATIBILITY_GROUPS
  .flatMap(({ rows }) => rows);
