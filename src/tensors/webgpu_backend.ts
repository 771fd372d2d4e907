import { loadPackage } from "../_internal/load_package.ts";
import { mayHaveGpuDevice } from "../hardware/gpu_device.ts";
import type { ActivatedBackend, ActivateOptions } from "./activated_backend.ts";
import { type AdapterFacts, judgeAdapter, type WantedAdapter } from "./judge_adapter.ts";
import type { Tf } from "./tf.ts";

/** The parts of WebGPU that are needed here; Node has no types for them. */
interface Adapter {
  readonly info: AdapterFacts;
  readonly isFallbackAdapter?: boolean;
  readonly limits: Record<string, number>;
  requestDevice(descriptor: { requiredLimits: Record<string, number> }): Promise<Device>;
}
interface Device {
  readonly lost: Promise<{ readonly reason?: string; readonly message?: string }>;
}
interface Gpu {
  requestAdapter(options?: Record<string, unknown>): Promise<Adapter | null>;
}
type WebgpuConstructor = new (device: Device, info: AdapterFacts) => WebgpuLike;

/** The ways by which work and data pass through the backend. */
interface WebgpuLike {
  runWebGPUProgram: unknown;
  read: (dataId: object) => Promise<unknown>;
  readSync: unknown;
  submitQueue: unknown;
}

/** What TensorFlow.js's own registration asks of the device. */
const LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
];

const NO_ADAPTER = "WebGPU finds no GPU adapter; on Linux it needs a Vulkan driver (the package " +
  "mesa-vulkan-drivers, or NVIDIA's own), in a container also the device (--device /dev/dri)";

/** Milliseconds in which the loss of a device is announced after the first error. */
const ANNOUNCED_AFTER = 1000;

/** The adapter the backend stands on; tensors there are lost when it is registered again. */
let registered: string | undefined;

/** What happened to the device the backend stood on, until another one is registered. */
let loss: string | undefined;

/** Why the device that WebGPU computed on is gone, or undefined. */
export function webgpuLoss(): string | undefined {
  return loss;
}

/** Makes WebGPU active on an adapter that is real, or that was named. */
export async function activateWebgpu(
  tf: Tf,
  { adapter: name, explicit, realGpu }: ActivateOptions,
): Promise<ActivatedBackend> {
  const gpu = (globalThis.navigator as { gpu?: Gpu } | undefined)?.gpu;
  if (gpu === undefined) {
    return { status: "absent", reason: "this runtime has no WebGPU (navigator.gpu); Deno has" };
  }
  // Asking for an adapter starts every graphics driver, and some of them print. Where the system
  // shows no GPU there is only software to be found, which nobody gets without naming it.
  if (!explicit && !mayHaveGpuDevice()) {
    return { status: "absent", reason: "no GPU device in /dev (dri, nvidia*, dxg, kgsl*)" };
  }
  const wanted: WantedAdapter = { adapter: name, realGpu };
  const adapter = await findAdapter(gpu, wanted);
  if (adapter === undefined) return { status: "absent", reason: NO_ADAPTER };
  const facts = adapterFacts(adapter);
  const verdict = judgeAdapter(facts, wanted);
  if (verdict.status !== "ok") return verdict;
  return await activateOn(tf, { adapter, facts, reason: verdict.reason });
}

async function activateOn(
  tf: Tf,
  { adapter, facts, reason }: { adapter: Adapter; facts: AdapterFacts; reason: string },
): Promise<ActivatedBackend> {
  try {
    if (registered !== facts.description || loss !== undefined) await register(tf, adapter, facts);
    if (!await tf.setBackend("webgpu")) {
      return { status: "refused", reason: `TensorFlow.js did not start on it (${reason})` };
    }
  } catch (error) {
    return { status: "refused", reason: `${reason}, but it did not start: ${error}` };
  }
  return { status: "ok", reason, device: facts.description || facts.vendor };
}

/** Puts a backend on this adapter; the package's own factory might get another one. */
async function register(tf: Tf, adapter: Adapter, facts: AdapterFacts): Promise<void> {
  const { WebGPUBackend } = await loadPackage(
    "@tensorflow/tfjs-backend-webgpu",
    () => import("@tensorflow/tfjs-backend-webgpu"),
  );
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredLimits });
  if (tf.engine().registryFactory["webgpu"] !== undefined) tf.removeBackend("webgpu");
  const Backend = WebGPUBackend as unknown as WebgpuConstructor;
  const backend = new Backend(device, adapter.info);
  tf.registerBackend("webgpu", () => backend as never);
  registered = facts.description;
  loss = undefined;
  const name = facts.description || facts.vendor;
  const lost = device.lost.then(({ reason, message }) => {
    // A device that has been replaced may go.
    if (tf.engine().registry["webgpu"] as unknown !== backend) return;
    loss = `the GPU adapter "${name}" was lost (${message || reason || "without a reason"})`;
    refuseWork(backend, loss);
  });
  explainReads(backend, lost);
}

/** Until the loss is announced, what reads from the device fails with words that name no cause. */
function explainReads(backend: WebgpuLike, lost: Promise<void>): void {
  const read = backend.read.bind(backend);
  const own = async (dataId: object) => {
    try {
      return await read(dataId);
    } catch (error) {
      await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, ANNOUNCED_AFTER))]);
      if (backend.read === own) throw error;
      return await backend.read(dataId);
    }
  };
  backend.read = own;
}

/** Work on a lost device would go on in silence and give nothing, or wait for ever. */
function refuseWork(backend: WebgpuLike, why: string): void {
  const refuse = () => {
    throw new Error(
      `webgpu: ${why}, and with it all tensors there. Call openTensors() again and load the model ` +
        `from its last checkpoint`,
    );
  };
  Object.assign(backend, { runWebGPUProgram: refuse, readSync: refuse, submitQueue: refuse });
  backend.read = () => Promise.resolve().then(refuse);
}

/** The default adapter, or the first whose description has the wanted words. */
async function findAdapter(gpu: Gpu, wanted: WantedAdapter): Promise<Adapter | undefined> {
  let first: Adapter | undefined;
  const ways = [{ powerPreference: "high-performance" }, { powerPreference: "low-power" }, {
    forceFallbackAdapter: true,
  }];
  for (const way of wanted.adapter === undefined ? ways.slice(0, 1) : ways) {
    const adapter = await gpu.requestAdapter(way).catch(() => null);
    if (adapter === null) continue;
    if (judgeAdapter(adapterFacts(adapter), wanted).status === "ok") return adapter;
    first ??= adapter;
  }
  return first;
}

function adapterFacts(adapter: Adapter): AdapterFacts {
  const { description = "", vendor = "", isFallbackAdapter } = adapter.info ?? {};
  const fallback = isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  return { description, vendor, isFallbackAdapter: fallback };
}
