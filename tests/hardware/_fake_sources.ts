import { readFileSync } from "node:fs";
import type { CommandResult, HardwareSources } from "../../src/hardware/mod.ts";

const FIXTURES = new URL("../../fixtures/", import.meta.url);

/** How adapters call themselves that compute on the CPU. */
export const SOFTWARE_NAMES = [
  "llvmpipe (LLVM 15.0.6, 256 bits)",
  "lavapipe",
  "softpipe",
  "Google SwiftShader",
  "Software Rasterizer",
  "Microsoft Basic Render Driver",
  "Direct3D12 (WARP)",
];

/** A machine about which nothing is known: no file, no program, no WebGPU. */
export function emptyMachine(over: Partial<HardwareSources> = {}): HardwareSources {
  return {
    readText: (path) => Promise.reject(missing(path)),
    run: () => Promise.resolve(answer("absent")),
    gpu: () => undefined,
    mayHaveGpuDevice: () => true,
    validate: () => false,
    logicalCpus: () => 0,
    totalMemory: () => 0,
    freeMemory: () => 0,
    versions: () => ({}),
    platform: () => ({ os: "linux", arch: "x64", release: "6.1" }),
    now: () => 0,
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    ...over,
  };
}

/** A command result, with text from `fixtures/nvidia_smi`. */
export function answer(
  status: CommandResult["status"],
  fixture?: string,
  code: number | null = status === "ok" ? 0 : null,
): CommandResult {
  const stdout = fixture === undefined
    ? ""
    : readFileSync(new URL(`nvidia_smi/${fixture}.stdout`, FIXTURES), "utf8");
  return { status, code, stdout, stderr: "" };
}

/** Files of one case of `fixtures/cgroup`, where a system has them. */
export function cgroupFiles(fixture: string): (path: string) => Promise<string> {
  return async (path) => {
    const name = path === "/proc/self/cgroup"
      ? "proc_self_cgroup"
      : path.replace(/^\/sys\/fs\/cgroup\//, "");
    if (name.startsWith("/")) throw missing(path);
    return await Deno.readTextFile(new URL(`cgroup/${fixture}/${name}`, FIXTURES))
      .catch(() => Promise.reject(missing(path)));
  };
}

/** What a missing file answers. */
export function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file: ${path}`), { code: "ENOENT" });
}

/** What a file without permission answers. */
export function denied(path: string): Error {
  return Object.assign(new Error(`EACCES: ${path}`), { code: "EACCES" });
}
