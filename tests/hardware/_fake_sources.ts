import { readFileSync } from "node:fs";
import type { CommandResult, EnvironmentSources, HardwareSources } from "../../src/hardware/mod.ts";

const FIXTURES = new URL("../../fixtures/hardware/", import.meta.url);

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

/** A command result, with text from `fixtures/hardware/nvidia_smi`. */
export function answer(
  status: CommandResult["status"],
  name?: string,
  code: number | null = status === "ok" ? 0 : null,
): CommandResult {
  const stdout = name === undefined ? "" : fixture(`nvidia_smi/${name}.stdout`);
  return { status, code, stdout, stderr: "" };
}

/** A text of `fixtures/hardware`. */
export function fixture(path: string): string {
  return readFileSync(new URL(path, FIXTURES), "utf8");
}

/** A command result with a text of `fixtures/hardware` as its output. */
export function answerWith(
  path: string,
  { status = "ok", code = 0 }: Partial<Pick<CommandResult, "status" | "code">> = {},
): CommandResult {
  return { status, code, stdout: fixture(path), stderr: "" };
}

/** A machine around a process about which nothing is known: no file, program or variable. */
export function emptyEnvironment(over: Partial<EnvironmentSources> = {}): EnvironmentSources {
  const { readText, run, versions, now, sleep } = emptyMachine();
  return {
    readText,
    run,
    versions,
    now,
    sleep,
    os: () => "linux",
    listFolder: (path) => Promise.reject(missing(path)),
    isExecutable: () => Promise.resolve(false),
    findPrograms: () => Promise.resolve([]),
    variable: () => undefined,
    home: () => "/home/somebody",
    cwd: () => "/home/somebody",
    fileSystem: (path) => Promise.reject(missing(path)),
    tryWriting: (path) => Promise.reject(missing(path)),
    bindPort: () => Promise.reject(new Error("no network")),
    permission: () => undefined,
    ...over,
  };
}

/** This machine, but for its programs: running them takes most of the time of a real probe. */
export const noPrograms: Partial<EnvironmentSources> = {
  findPrograms: () => Promise.resolve([]),
  run: () => Promise.resolve(answer("absent")),
};

/** An answer that never comes. */
export const forever = (): Promise<never> => new Promise<never>(() => {});

/** Files of one case of `fixtures/hardware/cgroup`, where a system has them. */
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
