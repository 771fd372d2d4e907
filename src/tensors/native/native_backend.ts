import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import type { ActivatedBackend } from "../activated_backend.ts";
import { checkNativeMachine } from "./check_native_machine.ts";
import { missingCudaLibraries } from "./cuda_libraries.ts";
import { explainNativeFault, findNativeFault } from "./native_faults.ts";
import {
  findNativePackage,
  NATIVE_VERSION,
  type NativeName,
  type NativePackage,
} from "./native_package.ts";
import { deviceInLog, type NativeTrial, tryNativePackage } from "./native_trial.ts";
import { installUtilPolyfill } from "./node_polyfill.ts";
import type { Tf } from "../tf.ts";

/** Under what name the packages register themselves with TensorFlow.js. */
export const NATIVE_BACKEND = "tensorflow";

/** What the backend of the package says of itself. */
interface NativeBackend {
  readonly isGPUPackage?: boolean;
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

/** The device that each package was seen to compute on; a trial costs a process. */
const devices = new Map<NativeName, string>();

/** Makes TensorFlow's C library active, after it did its work in a process of its own. */
export async function activateNative(tf: Tf, name: NativeName): Promise<ActivatedBackend> {
  const wantsGpu = name === "tfjs-node-gpu";
  if (tf.findBackendFactory(NATIVE_BACKEND) != null) return await activateLoaded(tf, name);
  const found = findNativePackage(name);
  const task = wantsGpu ? "install:gpu" : "install:node";
  if (found === undefined) {
    return {
      status: "absent",
      reason: `@tensorflow/${name} is not installed ("deno task ${task}" would)`,
    };
  }
  if (found.version !== NATIVE_VERSION) {
    return {
      status: "refused",
      reason: `@tensorflow/${name} ${found.version} in ${found.folder} does not fit ` +
        `TensorFlow.js ${NATIVE_VERSION}; "deno task ${task}" installs ${NATIVE_VERSION}`,
    };
  }
  const trial = await tryNativePackage(found, () => checkNativeMachine(name));
  if (trial.fault !== undefined) return { status: "refused", reason: trial.fault };
  if (wantsGpu && !trial.gpu) {
    return { status: "refused", reason: await whyNotGpu(trial) };
  }
  devices.set(name, deviceOf(trial));
  return await load(tf, name, found);
}

async function load(tf: Tf, name: NativeName, found: NativePackage): Promise<ActivatedBackend> {
  try {
    installUtilPolyfill();
    createRequire(join(found.folder, "package.json"))(found.folder);
  } catch (error) {
    return { status: "refused", reason: explainNativeFault(String(error)) };
  }
  return await activateLoaded(tf, name);
}

/** Uses the native backend that this process has, whoever loaded it, if it is the one wanted. */
async function activateLoaded(tf: Tf, name: NativeName): Promise<ActivatedBackend> {
  installUtilPolyfill();
  if (!await tf.setBackend(NATIVE_BACKEND)) {
    return { status: "refused", reason: "TensorFlow.js did not start on it" };
  }
  const backend = tf.backend() as unknown as NativeBackend;
  const wantsGpu = name === "tfjs-node-gpu";
  if ((backend.isGPUPackage === true) !== wantsGpu) {
    const other = wantsGpu ? "tfjs-node" : "tfjs-node-gpu";
    return {
      status: "refused",
      reason: `this process has loaded @tensorflow/${other}, and TensorFlow.js takes one of the ` +
        `two only; restart to change`,
    };
  }
  if (wantsGpu && backend.isUsingGpuDevice !== true) {
    return { status: "refused", reason: "its binding says that it computes on the CPU" };
  }
  const library = backend.binding?.TF_Version ?? "unknown";
  const kind = wantsGpu ? "a GPU" : "the CPU";
  return {
    status: "ok",
    reason: `TensorFlow ${library} on ${kind}`,
    device: devices.get(name) ?? `${kind}, by TensorFlow ${library}`,
    versions: { [`@tensorflow/${name}`]: NATIVE_VERSION, "libtensorflow": library },
  };
}

function deviceOf({ gpu, library, log }: NativeTrial): string {
  const device = gpu ? deviceInLog(log) ?? "a GPU" : "the CPU";
  return `${device}, by TensorFlow ${library}`;
}

/** Why the GPU package computes on the CPU: what it printed, or else what the loader lacks. */
async function whyNotGpu({ log }: NativeTrial): Promise<string> {
  const start = "it loads, but computes on the CPU";
  if (findNativeFault(log) !== undefined) return `${start}: ${explainNativeFault(log)}`;
  const missing = process.platform === "linux" ? await missingCudaLibraries() : [];
  if (missing.length === 0) return `${start}, and does not say why; see whether nvidia-smi answers`;
  const said = `Could not load dynamic library '${missing[0]}'`;
  return `${start}: the loader does not find ${missing.join(", ")}: ${explainNativeFault(said)}`;
}
