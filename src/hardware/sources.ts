import { readFile, stat } from "node:fs/promises";
import os from "node:os";
import process from "node:process";
import { type CommandResult, runCommand } from "../_internal/run_command.ts";
import { requirePermission } from "./deno_permission.ts";
import { findPrograms } from "./find_programs.ts";
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

interface DenoGlobal {
  readonly version: { readonly deno: string; readonly v8: string };
}

/** This machine. */
export function hostSources(): HardwareSources {
  const deno = (globalThis as { Deno?: DenoGlobal }).Deno;
  return {
    async readText(path) {
      requirePermission({ name: "read", path }, `Reading ${path}`);
      // Reading a pipe would wait for a writer, for ever.
      if ((await stat(path)).isFIFO()) throw new Error(`${path} is a pipe, not a file`);
      return await readFile(path, "utf8");
    },
    async run(command, timeout) {
      // Nothing is started for a program that is not there: that is the usual case for nvidia-smi.
      if ((await findPrograms(command[0])).length === 0) {
        return { status: "absent", code: null, stdout: "", stderr: "" };
      }
      requirePermission({ name: "run", command: command[0] }, `Running ${command[0]}`);
      return await runCommand(command, { timeout });
    },
    gpu: () => (globalThis as { navigator?: { gpu?: GpuDoor } }).navigator?.gpu,
    mayHaveGpuDevice() {
      try {
        requirePermission({ name: "read", path: "/dev" }, "Listing /dev");
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
      requirePermission({ name: "sys", kind: "systemMemoryInfo" }, "Reading memory size");
      return os.totalmem();
    },
    freeMemory() {
      requirePermission({ name: "sys", kind: "systemMemoryInfo" }, "Reading free memory");
      return os.freemem();
    },
    versions: () =>
      deno === undefined
        ? { node: process.versions.node, v8: process.versions.v8 }
        : { deno: deno.version.deno, v8: deno.version.v8 },
    platform() {
      requirePermission({ name: "sys", kind: "osRelease" }, "Reading the platform");
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
