import { access, constants, readFile } from "node:fs/promises";
import os from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { type CommandResult, runCommand } from "../_internal/run_command.ts";
import { mayHaveGpuDevice } from "./gpu_device.ts";

/** Where probes get their raw facts. Tests hand in captured ones; the default is the host. */
export interface HardwareSources {
  /** Text of a file; rejects with a code such as ENOENT or EACCES. */
  readText(path: string): Promise<string>;
  /** Runs a program to its end or its deadline in milliseconds; resolves in each case. */
  run(command: readonly [string, ...string[]], deadline: number): Promise<CommandResult>;
  /** `navigator.gpu`, or undefined where there is none. */
  gpu(): GpuDoor | undefined;
  /** Whether the system may have a GPU, as far as its device files tell; starts no driver. */
  mayHaveGpuDevice(): boolean;
  /** Whether this WebAssembly engine accepts a module. */
  validate(module: Uint8Array<ArrayBuffer>): boolean;
  /** Logical processors of the machine. */
  logicalCpus(): number;
  /** Memory of the machine in bytes. */
  totalMemory(): number;
  /** Free memory in bytes. */
  freeMemory(): number;
  /** Versions of the runtime; `deno` only there. */
  versions(): { readonly deno?: string; readonly node?: string; readonly v8?: string };
  /** Operating system, processor family and kernel release. */
  platform(): { readonly os: string; readonly arch: string; readonly release: string };
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The part of `navigator.gpu` that the probe needs. */
export interface GpuDoor {
  /** The adapter WebGPU would use, or null. */
  requestAdapter(): Promise<GpuAdapterLike | null>;
}

/** The part of a WebGPU adapter that the probe needs; all may be missing in some runtime. */
export interface GpuAdapterLike {
  /** What the adapter says of itself. */
  readonly info?: {
    readonly description?: string;
    readonly device?: string;
    readonly vendor?: string;
    readonly architecture?: string;
    readonly isFallbackAdapter?: boolean;
  };
  /** Where older implementations say that they compute on the CPU. */
  readonly isFallbackAdapter?: boolean;
}

type Permission =
  | { readonly name: "read"; readonly path: string }
  | { readonly name: "run"; readonly command: string }
  | { readonly name: "env"; readonly variable: string }
  | { readonly name: "sys"; readonly kind: string };

interface DenoGlobal {
  readonly version: { readonly deno: string; readonly v8: string };
  readonly permissions: { querySync(descriptor: Permission): { readonly state: string } };
}

/** This machine. */
export function hostSources(): HardwareSources {
  const deno = (globalThis as { Deno?: DenoGlobal }).Deno;
  // Deno would stop and ask the user for a permission that is neither granted nor denied; a probe
  // must not ask, so it looks first.
  const allow = (descriptor: Permission, what: string) => {
    if (deno === undefined || deno.permissions.querySync(descriptor).state === "granted") return;
    throw Object.assign(new Error(`${what} needs --allow-${descriptor.name}`), { code: "EACCES" });
  };
  return {
    async readText(path) {
      allow({ name: "read", path }, `Reading ${path}`);
      return await readFile(path, "utf8");
    },
    async run(command, timeout) {
      allow({ name: "run", command: command[0] }, `Running ${command[0]}`);
      allow({ name: "env", variable: "PATH" }, "Reading PATH");
      // Nothing is started for a program that is not there: that is the usual case for nvidia-smi.
      if (await isOnPath(command[0])) return await runCommand(command, { timeout });
      return { status: "absent", code: null, stdout: "", stderr: "" };
    },
    gpu: () => (globalThis as { navigator?: { gpu?: GpuDoor } }).navigator?.gpu,
    mayHaveGpuDevice() {
      try {
        allow({ name: "read", path: "/dev" }, "Listing /dev");
      } catch {
        return true; // What cannot be listed may be there.
      }
      return mayHaveGpuDevice();
    },
    validate: (module) => WebAssembly.validate(module),
    logicalCpus: () =>
      (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator
        ?.hardwareConcurrency ?? os.cpus().length,
    totalMemory() {
      allow({ name: "sys", kind: "systemMemoryInfo" }, "Reading memory size");
      return os.totalmem();
    },
    freeMemory() {
      allow({ name: "sys", kind: "systemMemoryInfo" }, "Reading free memory");
      return os.freemem();
    },
    versions: () =>
      deno === undefined
        ? { node: process.versions.node, v8: process.versions.v8 }
        : { deno: deno.version.deno, v8: deno.version.v8 },
    platform() {
      allow({ name: "sys", kind: "osRelease" }, "Reading the platform");
      return { os: process.platform, arch: process.arch, release: os.release() };
    },
    now: () => performance.now(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        }, { once: true });
      }),
  };
}

async function isOnPath(program: string): Promise<boolean> {
  const names = process.platform === "win32" ? [`${program}.exe`, program] : [program];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of names) {
      const reached = await access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      );
      if (reached) return true;
    }
  }
  return false;
}
