import type * as tfjsModule from "@tensorflow/tfjs";
import { loadPackage } from "../_internal/load_package.ts";
import { messageOf } from "../_internal/message_of.ts";

/** The TensorFlow.js module, as `import * as tf from "@tensorflow/tfjs"` would give it. */
export type Tf = typeof tfjsModule;

export type {
  DataType,
  GraphModel,
  LayersModel,
  NamedTensorMap,
  Optimizer,
  Scalar,
  Sequential,
  SymbolicTensor,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TensorContainer,
  TensorLike,
  Variable,
} from "@tensorflow/tfjs";

let loading: Promise<Tf> | undefined;
let open: Tf | undefined;

/**
 * Loads TensorFlow.js late and once; concurrent callers share one promise. Two copies in a process
 * would register everything twice, so every room takes the module from here.
 */
export function loadTfjs(): Promise<Tf> {
  loading ??= loadQuietly().then(silenceFirstUse).catch((error: unknown) => {
    loading = undefined;
    throw new Error(
      `tensors: @tensorflow/tfjs did not load: ${messageOf(error)}. ` +
        `In a clone of QSight run "deno install", and try again`,
      { cause: error },
    );
  });
  return loading;
}

/**
 * Where another copy is loaded already, its engine is shared, and each of a thousand kernels that
 * is registered again would print a line. The report names the two copies instead.
 */
async function loadQuietly(): Promise<Tf> {
  const { _tfengine: shared } = globalThis as { _tfengine?: { readonly ENV: Tf["ENV"] } };
  const wasQuiet = shared?.ENV.getBool("PROD");
  shared?.ENV.set("PROD", true);
  try {
    return await loadPackage("@tensorflow/tfjs", () => import("@tensorflow/tfjs"));
  } finally {
    if (wasQuiet !== undefined) shared?.ENV.set("PROD", wasQuiet);
  }
}

/** The first write on the cpu backend would print an advertisement for tfjs-node. */
function silenceFirstUse(tf: Tf): Tf {
  (tf.findBackend("cpu") as unknown as { firstUse: boolean }).firstUse = false;
  return tf;
}

/** Makes `tf` what {@linkcode tfjs} returns: a backend has been chosen and proved. */
export function markOpen(tf: Tf): void {
  open = tf;
}

/** What {@linkcode tfjs} returns, or undefined before a backend has been opened. */
export function openedTfjs(): Tf | undefined {
  return open;
}

/**
 * The loaded TensorFlow.js module, for code that runs after `openTensors()`.
 *
 * @throws {Error} when no backend has been opened yet
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openTensors, tfjs } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "wasm" });
 * const tf = tfjs();
 * const total = tf.tidy(() => tf.tensor1d([1, 2, 3]).sum().arraySync());
 * assert.equal(total, 6);
 * ```
 */
export function tfjs(): Tf {
  if (open === undefined) {
    throw new Error(
      "tensors are not open: no backend has been chosen yet. Call `await openTensors()` first",
    );
  }
  return open;
}
