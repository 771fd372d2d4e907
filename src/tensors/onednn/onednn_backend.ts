import type { ActivatedBackend, ActivateOptions } from "../activated_backend.ts";
import type { WasmBackend } from "../kernels/wasm_heap.ts";
import type { Tf } from "../tf.ts";
import { findOnednn, type OnednnOptions } from "./find_onednn.ts";
import { installNativeKernels } from "./install_native_kernels.ts";
import { NativeSession } from "./native_session.ts";
import { Onednn } from "./onednn.ts";
import { proveOnednn } from "./prove_onednn.ts";

/** An open oneDNN, and what takes its kernels off again while they are in place. */
interface Opened {
  readonly key: string;
  readonly backend: WasmBackend;
  readonly session: NativeSession;
  remove?: () => void;
}

const opened = new WeakMap<Tf, Opened>();

/** Lets oneDNN compute on the active wasm backend, if it is found, allowed, and agrees with it. */
export async function activateOnednn(
  tf: Tf,
  wasm: ActivatedBackend,
  { onednn: options = {} }: Pick<ActivateOptions, "onednn">,
): Promise<ActivatedBackend> {
  const backend = tf.backend() as unknown as WasmBackend;
  const found = await open(tf, backend, options);
  if ("status" in found) return found;
  const { session } = found;
  const fault = proveOnednn(tf, session);
  if (fault !== undefined) return { status: "refused", reason: fault };
  found.remove = installNativeKernels(tf, session);
  const { version, instructions, threads } = session.onednn;
  const native = `oneDNN ${version} (${instructions})`;
  const count = threads === 1 ? "one thread" : `${threads} threads`;
  return {
    status: "ok",
    reason: `${native} agrees with ${wasm.reason}; native code, allowed by ${allowance()}`,
    device: `${wasm.reason} with ${native}, ${count}`,
    versions: { ...wasm.versions, oneDNN: version },
    fallbacks: session.fallbacks,
  };
}

/** Takes the kernels of oneDNN off, if they are in place, and frees what they keep. */
export function withdrawOnednn(tf: Tf): void {
  const found = opened.get(tf);
  found?.remove?.();
  if (found !== undefined) found.remove = undefined;
  found?.session.primitives.clear();
}

/** Whether the kernels of oneDNN are in place. */
export function isOnednnActive(tf: Tf): boolean {
  return opened.get(tf)?.remove !== undefined;
}

async function open(tf: Tf, backend: WasmBackend, options: OnednnOptions) {
  const key = JSON.stringify(options);
  const before = opened.get(tf);
  if (before?.key === key && before.backend === backend) return before;
  const onednn = await findOnednn(options);
  if (!(onednn instanceof Onednn)) return onednn;
  before?.session.close();
  const found: Opened = { key, backend, session: new NativeSession(onednn, backend) };
  opened.set(tf, found);
  return found;
}

function allowance(): string {
  return "Deno" in globalThis ? "--allow-ffi" : "Node, which asks nobody";
}
