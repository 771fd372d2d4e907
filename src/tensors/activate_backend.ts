import process from "node:process";
import type { ActivatedBackend, ActivateOptions } from "./activated_backend.ts";
import { activateNative } from "./native/native_backend.ts";
import { activateOnednn, withdrawOnednn } from "./onednn/onednn_backend.ts";
import type { BackendName } from "./select_backend.ts";
import type { Tf } from "./tf.ts";
import { activateWasm } from "./wasm_backend.ts";
import { activateWebgpu } from "./webgpu_backend.ts";

/** Makes a backend the active one of TensorFlow.js; what stands in the way is a value. */
export async function activateBackend(
  tf: Tf,
  name: BackendName,
  options: ActivateOptions,
): Promise<ActivatedBackend> {
  const versions = { "@tensorflow/tfjs": tf.version.tfjs, ...runtimeVersions() };
  return await quietly(tf, async () => {
    withdrawOnednn(tf);
    const active = name === "tfjs-node-gpu" || name === "tfjs-node"
      ? await activateNative(tf, name)
      : name === "webgpu"
      ? await activateWebgpu(tf, options)
      : name === "wasm"
      ? await activateWasm(tf, options)
      : name === "wasm+onednn"
      ? await activateWithOnednn(tf, options)
      : await activateCpu(tf);
    return { ...active, versions: { ...versions, ...active.versions } };
  });
}

async function activateWithOnednn(tf: Tf, options: ActivateOptions): Promise<ActivatedBackend> {
  const wasm = await activateWasm(tf, options);
  return wasm.status === "ok" ? await activateOnednn(tf, wasm, options) : wasm;
}

async function activateCpu(tf: Tf): Promise<ActivatedBackend> {
  await tf.setBackend("cpu");
  return { status: "ok", reason: "plain JavaScript, slow", device: "JavaScript, one thread" };
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
