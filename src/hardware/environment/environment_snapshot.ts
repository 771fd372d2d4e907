import type { Probe } from "../probe.ts";
import type { RuntimeFacts } from "../snapshot.ts";

/** Room on the file system of a folder. */
export interface DiskFacts {
  /** The folder that was asked about, absolute. */
  readonly folder: string;
  /** Size of its file system in bytes. */
  readonly totalBytes: number;
  /** Bytes that may still be written there without being root. */
  readonly freeBytes: number;
}

/** A program on PATH. */
export interface ProgramFacts {
  /** The file that its bare name starts. */
  readonly path: string;
  /** Version it printed when it was run, such as `20.20.2`. */
  readonly version: string;
  /** Files of the same name later on PATH, which the first one hides. */
  readonly hidden: readonly string[];
}

/** Programs that are looked for. A name that is not on PATH is "absent". */
export type ProgramName = "deno" | "node" | "npm" | "chromium" | "google-chrome" | "firefox";

/** A Jupyter kernel that is installed on Jupyter's search path. */
export interface KernelFacts {
  /** By which notebooks name it. */
  readonly name: string;
  /** What front ends show. */
  readonly displayName: string;
  /** Such as `typescript` or `python`. */
  readonly language: string;
  /** Folder of its kernel.json. */
  readonly folder: string;
  /** First word of its command line. */
  readonly program: string;
  /** Whether that program is there and can be executed. */
  readonly programExists: boolean;
}

/** What Jupyter's search path holds. */
export interface KernelListing {
  /** In the order of the search path; where two have one name, the first. */
  readonly kernels: readonly KernelFacts[];
  /** kernel.json files that cannot be used, and why. */
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  /** Folders that were looked at, first to last. */
  readonly folders: readonly string[];
}

/** Fonts of the system, not those that come with packages. */
export interface FontFacts {
  /** How many fonts, or how many font files where fontconfig is not installed. */
  readonly count: number;
  /** `fontconfig`, or the folders that hold them. */
  readonly source: string;
}

/** What Vulkan could load. */
export interface VulkanFacts {
  /** Driver descriptions (ICD files). */
  readonly drivers: readonly {
    readonly file: string;
    readonly library: string;
    readonly apiVersion: string;
  }[];
  /** ICD files that cannot be used, and why. */
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  /** Names of the devices by `vulkaninfo`; unknown or absent where it gave none. */
  readonly devices: Probe<readonly string[]>;
}

/** Kinds of permission that Deno knows. */
export type PermissionName = "read" | "write" | "run" | "env" | "net" | "sys" | "ffi";

/** How Deno stands to each of them, asked without a path or host. */
export type PermissionFacts = Readonly<Record<PermissionName, "granted" | "prompt" | "denied">>;

/** A TCP port on the loopback address. */
export interface PortFacts {
  /** The port, or 0 for one that the system picks. */
  readonly port: number;
  /** The port that could be bound; "absent" when it is in use. */
  readonly free: Probe<number>;
}

/**
 * What surrounds the process and may differ between a terminal and a notebook kernel, or from one
 * moment to the next. Plain data, ready for JSON.
 */
export interface EnvironmentSnapshot {
  /** The runtime that executes this code. */
  readonly runtime: RuntimeFacts;
  /** Folders of PATH in order, as they stand there. */
  readonly path: Probe<readonly string[]>;
  /** Environment variables of a fixed list that are set; no other is read. */
  readonly variables: Probe<Readonly<Record<string, string>>>;
  /** Programs on PATH, with the version that each printed. */
  readonly programs: Readonly<Record<ProgramName, Probe<ProgramFacts>>>;
  /** Jupyter kernels. */
  readonly kernels: Probe<KernelListing>;
  /** Fonts of the system. */
  readonly fonts: Probe<FontFacts>;
  /** Vulkan drivers, through which WebGPU computes on Linux. */
  readonly vulkan: Probe<VulkanFacts>;
  /** Deno's permissions; "absent" in another runtime. */
  readonly permissions: Probe<PermissionFacts>;
  /** Room where the folder is. */
  readonly disk: Probe<DiskFacts>;
  /** Whether files can be made, renamed and removed in the folder: found by doing it. */
  readonly writable: Probe<string>;
  /** Loopback TCP ports. */
  readonly ports: readonly PortFacts[];
  /** How long the probes took together, in milliseconds. */
  readonly milliseconds: number;
}

/** The part of a snapshot that {@linkcode compareEnvironments} reads. */
export type EnvironmentFacts = Pick<
  EnvironmentSnapshot,
  "runtime" | "path" | "variables" | "programs"
>;

/** One thing that is not the same in two environments. */
export interface EnvironmentDifference {
  /** What differs, e.g. `runtime`, `program node`, `variable LANG`, `PATH`. */
  readonly what: string;
  /** How it is in the first; `not set`, `not on PATH` or `unknown: why` where it has no value. */
  readonly first: string;
  /** How it is in the second. */
  readonly second: string;
}
