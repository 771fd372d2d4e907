import process from "node:process";
import { loadPackage } from "../_internal/load_package.ts";
import type { ActivatedBackend } from "./activated_backend.ts";
import { guardWasmHeap } from "./kernels/guard_wasm_heap.ts";
import { installWasmKernels } from "./kernels/install_wasm_kernels.ts";
import { bestSimd, canRun, type SimdKind, startSimdKernels } from "./kernels/simd_kernels.ts";
import type { WasmBackend } from "./kernels/wasm_heap.ts";
import type { Tf } from "./tf.ts";

/**
 * Makes WebAssembly active, completed for training. `simd` names the build of this project's own
 * kernels; undefined is the best that the runtime accepts.
 */
export async function activateWasm(
  tf: Tf,
  { simd = bestSimd() }: { readonly simd?: SimdKind } = {},
): Promise<ActivatedBackend> {
  if (simd === undefined) {
    return { status: "absent", reason: "this runtime has no WebAssembly SIMD" };
  }
  if (!canRun(simd)) {
    const reason = `this runtime has no ${simd} WebAssembly SIMD (Node 20 has plain only). ` +
      `Leave out simd, or give simd: "plain"`;
    return { status: "absent", reason };
  }
  const before = listeners();
  try {
    const { version_wasm } = await loadPackage(
      "@tensorflow/tfjs-backend-wasm",
      () => import("@tensorflow/tfjs-backend-wasm"),
    );
    installWasmKernels(tf);
    if (!await tf.setBackend("wasm")) {
      return { status: "refused", reason: await reasonOfFailure(tf) };
    }
    const backend = tf.backend() as unknown as WasmBackend;
    guardWasmHeap(tf, backend);
    startSimdKernels(backend, simd);
    const kind = `WebAssembly SIMD (${simd})`;
    const versions = { "@tensorflow/tfjs-backend-wasm": version_wasm };
    return { status: "ok", reason: kind, device: `${kind}, one thread`, versions };
  } catch (error) {
    return { status: "absent", reason: `@tensorflow/tfjs-backend-wasm did not load: ${error}` };
  } finally {
    removeNewListeners(before);
  }
}

/** TensorFlow.js says only "false"; its factory, asked again, says why. */
async function reasonOfFailure(tf: Tf): Promise<string> {
  const fault = await Promise.resolve(tf.findBackendFactory("wasm")?.()).then(
    () => "it starts when it is asked again",
    (error: { message?: string }) => error?.message ?? String(error),
  );
  return `the WebAssembly module of @tensorflow/tfjs-backend-wasm did not start: ${fault}. ` +
    `Its .wasm files stand beside the package's dist/*.js, or where setWasmPaths() says; ` +
    `run "deno install" again if they are missing`;
}

const FATAL_EVENTS = ["unhandledRejection", "uncaughtException"] as const;
type Listener = (...args: unknown[]) => void;

function listeners(): Map<string, Set<unknown>> {
  return new Map(FATAL_EVENTS.map((event) => [event, new Set(process.rawListeners(event))]));
}

/**
 * The Emscripten module adds listeners that rethrow, so that any later unhandled rejection would
 * end the process (and with it a notebook kernel). Only those that throw are taken off again.
 */
function removeNewListeners(before: Map<string, Set<unknown>>): void {
  for (const event of FATAL_EVENTS) {
    for (const listener of process.rawListeners(event)) {
      if (before.get(event)?.has(listener) || !/\bthrow\b/.test(String(listener))) continue;
      process.removeListener(event, listener as Listener);
    }
  }
}
