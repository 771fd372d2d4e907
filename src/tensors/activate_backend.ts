import process from "node:process";
import { installWasmKernels } from "./kernels/install_wasm_kernels.ts";
import type { ActivatedBackend, ActivateOptions } from "./activated_backend.ts";
import type { BackendName } from "./select_backend.ts";
import type { Tf } from "./tf.ts";
import { activateWebgpu } from "./webgpu_backend.ts";

/** Makes a backend the active one of TensorFlow.js; what stands in the way is a value. */
export async function activateBackend(
  tf: Tf,
  name: BackendName,
  options: ActivateOptions,
): Promise<ActivatedBackend> {
  const versions = { "@tensorflow/tfjs": tf.version.tfjs, ...runtimeVersions() };
  return await quietly(tf, async () => {
    const active = name === "webgpu"
      ? await activateWebgpu(tf, options)
      : name === "wasm"
      ? await activateWasm(tf)
      : await activateCpu(tf);
    return { ...active, versions: { ...versions, ...active.versions } };
  });
}

async function activateCpu(tf: Tf): Promise<ActivatedBackend> {
  await tf.setBackend("cpu");
  return { status: "ok", reason: "plain JavaScript, slow", device: "JavaScript, one thread" };
}

async function activateWasm(tf: Tf): Promise<ActivatedBackend> {
  const before = listeners();
  try {
    const { version_wasm } = await import("@tensorflow/tfjs-backend-wasm");
    installWasmKernels(tf);
    if (!await tf.setBackend("wasm")) {
      return { status: "refused", reason: "the WebAssembly module did not start" };
    }
    const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
    const kind = simd ? "WebAssembly SIMD" : "WebAssembly";
    const versions = { "@tensorflow/tfjs-backend-wasm": version_wasm };
    return { status: "ok", reason: kind, device: `${kind}, one thread`, versions };
  } catch (error) {
    return { status: "absent", reason: `@tensorflow/tfjs-backend-wasm did not load: ${error}` };
  } finally {
    removeNewListeners(before);
  }
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

/** TensorFlow.js prints through one door; it stays shut while a backend is tried. */
async function quietly<T>(tf: Tf, work: () => Promise<T>): Promise<T> {
  const before = tf.env().getBool("PROD");
  tf.env().set("PROD", true);
  try {
    return await work();
  } finally {
    tf.env().set("PROD", before);
  }
}

function runtimeVersions(): Record<string, string> {
  const { deno, node, v8 } = process.versions as Record<string, string | undefined>;
  return deno === undefined ? { node: node ?? "", v8: v8 ?? "" } : { deno, v8: v8 ?? "" };
}
