import assert from "node:assert/strict";
import {
  checkNativeMachine,
  type MachineSources,
} from "../../../src/tensors/native/check_native_machine.ts";
import {
  CUDA_LIBRARIES,
  missingCudaLibraries,
} from "../../../src/tensors/native/cuda_libraries.ts";

const FOLDERS: Record<string, string[]> = {
  "/lib64": ["ld-linux-x86-64.so.2"],
  "/dev": ["null", "nvidia0", "nvidiactl"],
};
const FILES: Record<string, string> = {
  "/proc/cpuinfo": "processor : 0\nflags\t\t: fpu sse4_2 avx avx2\n",
  "/proc/driver/nvidia/version":
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.199.02  Thu May 11 11:46:56 UTC 2023\n",
};

/** A machine that meets every demand, with changes. */
function machine(changes: Partial<MachineSources> = {}): MachineSources {
  return {
    platform: "linux",
    arch: "x64",
    versions: { deno: "2.9.6", node: "26.3.0" },
    readText: (path) => FILES[path],
    list: (path) => FOLDERS[path] ?? [],
    missingCuda: () => Promise.resolve([]),
    ...changes,
  };
}

async function unmet(
  name: "tfjs-node" | "tfjs-node-gpu",
  changes: Partial<MachineSources>,
): Promise<string[]> {
  const checks = await checkNativeMachine(name, machine(changes));
  return checks.filter(({ ok }) => !ok).map(({ wanted, found, fix }) =>
    `${wanted} | ${found} | ${fix}`
  );
}

Deno.test("checkNativeMachine() is content with a machine that has all", async () => {
  assert.deepEqual(await unmet("tfjs-node-gpu", {}), []);
  assert.deepEqual(await unmet("tfjs-node", { list: () => [], readText: () => undefined }), []);
  const wsl = { list: (path: string) => path === "/dev" ? ["dxg"] : FOLDERS[path] ?? [] };
  const noModule = {
    readText: (path: string) => path === "/proc/cpuinfo" ? FILES[path] : undefined,
  };
  assert.deepEqual(await unmet("tfjs-node-gpu", { ...wsl, ...noModule }), []);
});

Deno.test("checkNativeMachine() refuses systems without a library, and those with a CPU one only", async () => {
  const arm = { arch: "arm64" };
  assert.deepEqual(await unmet("tfjs-node", arm), []);
  const [gpuOnArm] = await unmet("tfjs-node-gpu", arm);
  assert.match(gpuOnArm, /linux arm64 \| .*compute on the CPU without a word.*install:node/);
  const [mac] = await unmet("tfjs-node-gpu", { platform: "darwin", arch: "arm64" });
  assert.match(mac, /darwin arm64 \| .*compute on the CPU without a word/);
  const [bsd] = await unmet("tfjs-node", { platform: "freebsd" });
  assert.match(bsd, /freebsd x64 \| there is no TensorFlow library.*"webgpu" or "wasm"/);
});

Deno.test("checkNativeMachine() finds musl, a processor without AVX and an old runtime", async () => {
  const alpine = { list: (path: string) => path === "/lib" ? ["ld-musl-x86_64.so.1"] : [] };
  assert.match((await unmet("tfjs-node", alpine))[0], /glibc \| ld-musl.* \| .*Debian-based image/);
  const old = { readText: () => "flags : fpu sse4_2\n" };
  assert.match((await unmet("tfjs-node", old))[0], /AVX \| no AVX \| .*"host"/);
  const node16 = { versions: { node: "16.20.0" } };
  assert.match((await unmet("tfjs-node", node16))[0], /Node 16\.20\.0 \| update/);
  assert.deepEqual(await unmet("tfjs-node", { versions: { node: "24.1.0" } }), []);
});

Deno.test("checkNativeMachine() wants for the GPU a card, its driver and CUDA 11.2", async () => {
  const none = { list: (path: string) => path === "/dev" ? ["null"] : FOLDERS[path] ?? [] };
  const noDriver = { ...none, readText: (path: string) => FILES[path]?.replace(/NVRM.*/s, "") };
  assert.match(
    (await unmet("tfjs-node-gpu", noDriver))[0],
    /driver .*450 \| no device.*--gpus all/,
  );
  const driver = FILES["/proc/driver/nvidia/version"].replace("470.199.02", "418.87.00");
  const old = { readText: (path: string) => path === "/proc/cpuinfo" ? FILES[path] : driver };
  assert.match((await unmet("tfjs-node-gpu", old))[0], /driver 418\.87\.00 \| update the driver/);
  const cuda12 = { missingCuda: () => Promise.resolve(["libcudart.so.11.0", "libcudnn.so.8"]) };
  const [cuda, ...more] = await unmet("tfjs-node-gpu", cuda12);
  assert.match(cuda, /not found by the loader: libcudart\.so\.11\.0, libcudnn\.so\.8 \| install/);
  assert.match(cuda, /CUDA 11\.2 and cuDNN 8\.1 beside.*LD_LIBRARY_PATH; a newer CUDA does not/);
  assert.deepEqual(more, []);
  assert.deepEqual(await unmet("tfjs-node", { ...none, ...cuda12 }), [], "not asked of the CPU");
});

Deno.test("missingCudaLibraries() looks in the loader's cache and on LD_LIBRARY_PATH", async () => {
  const cache =
    "3 libs found in cache\n\tlibcudart.so.11.0 (libc6,x86-64) => /opt/libcudart.so.11.0\n" +
    "\tlibcudnn.so.9 (libc6,x86-64) => /usr/lib/libcudnn.so.9\n";
  const exists = (file: string) => file === "/opt/cudnn/libcudnn.so.8";
  const missing = await missingCudaLibraries({ path: ["/opt/cudnn"], cache, exists });
  assert.deepEqual(
    CUDA_LIBRARIES.filter((name) => !missing.includes(name)),
    ["libcudart.so.11.0", "libcudnn.so.8"],
  );
  const nothing = await missingCudaLibraries({ path: [], cache: "", exists: () => false });
  assert.deepEqual(nothing, [...CUDA_LIBRARIES]);
});
