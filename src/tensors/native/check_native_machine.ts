import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { CUDA_LIBRARIES, missingCudaLibraries } from "./cuda_libraries.ts";
import type { NativeName } from "./native_package.ts";

/** One demand of a native package on the machine. */
export interface MachineCheck {
  /** What is demanded. */
  readonly wanted: string;
  readonly ok: boolean;
  /** What the machine has. */
  readonly found: string;
  /** What to do about it; empty when it is met. */
  readonly fix: string;
}

/** Where the facts come from. */
export interface MachineSources {
  readonly platform: string;
  readonly arch: string;
  readonly versions: { readonly node?: string; readonly deno?: string };
  /** Text of a file, or undefined. */
  readText(path: string): string | undefined;
  /** Names in a folder; none where it cannot be listed. */
  list(path: string): readonly string[];
  /** Which CUDA libraries the loader does not find. */
  missingCuda(): Promise<readonly string[]>;
}

/** Systems for which there are TensorFlow libraries; arm64 gets CPU ones under each name. */
const SYSTEMS: Readonly<Record<NativeName, readonly string[]>> = {
  "tfjs-node": ["linux x64", "linux arm64", "darwin x64", "darwin arm64", "win32 x64"],
  "tfjs-node-gpu": ["linux x64", "win32 x64"],
};

/** What a native package demands of this machine, met or not. Installs and loads nothing. */
export async function checkNativeMachine(
  name: NativeName,
  sources: MachineSources = hostMachine(),
): Promise<MachineCheck[]> {
  const checks = [system(name, sources), runtime(sources)];
  if (sources.platform === "linux") checks.push(libc(sources));
  if (sources.platform === "linux" && sources.arch === "x64") checks.push(avx(sources));
  if (name === "tfjs-node-gpu" && sources.platform === "linux") {
    checks.push(driver(sources), await cuda(sources));
  }
  return checks;
}

function check(wanted: string, found: string, unmet: string | undefined): MachineCheck {
  return { wanted, ok: unmet === undefined, found, fix: unmet ?? "" };
}

function system(name: NativeName, { platform, arch }: MachineSources): MachineCheck {
  const found = `${platform} ${arch}`;
  const known = SYSTEMS[name];
  if (known.includes(found)) return check(known.join(", "), found, undefined);
  const cpuOnly = SYSTEMS["tfjs-node"].includes(found)
    ? "the package would install here and compute on the CPU without a word; take " +
      '"deno task install:node", or prefer "webgpu"'
    : 'there is no TensorFlow library for this system; prefer "webgpu" or "wasm"';
  return check(known.join(", "), found, cpuOnly);
}

function runtime({ versions: { deno, node = "0" } }: MachineSources): MachineCheck {
  const wanted = "Node 18 or later, or Deno 2";
  const old = Number.parseInt(deno ?? node) < (deno === undefined ? 18 : 2);
  const found = deno === undefined ? `Node ${node}` : `Deno ${deno}`;
  // What left node:util with Node 23 is put back before the import.
  return check(
    wanted,
    found,
    old ? "update it; Node 20 and 22 are what the package knows" : undefined,
  );
}

function libc({ list }: MachineSources): MachineCheck {
  const musl = list("/lib").find((name) => name.startsWith("ld-musl-"));
  const glibc = ["/lib64", "/lib", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu"]
    .flatMap((folder) => list(folder)).find((name) => /^ld-linux-[\w-]+\.so/.test(name));
  const found = glibc ?? musl ?? "no loader in /lib";
  const unmet = "use a Debian-based image (-slim instead of -alpine); gcompat does not help";
  return check("glibc", found, glibc === undefined && musl !== undefined ? unmet : undefined);
}

function avx({ readText }: MachineSources): MachineCheck {
  const flags = /^flags\s*:(.*)$/m.exec(readText("/proc/cpuinfo") ?? "")?.[1];
  const found = flags === undefined ? "unknown" : /\bavx\b/.test(flags) ? "AVX" : "no AVX";
  const unmet = 'give the virtual machine the processor type "host", or prefer "wasm"';
  return check("a processor with AVX", found, found === "no AVX" ? unmet : undefined);
}

function driver({ readText, list }: MachineSources): MachineCheck {
  const version = /Kernel Module\D*(\d+[\d.]*)/.exec(readText("/proc/driver/nvidia/version") ?? "")
    ?.[1];
  const device = list("/dev").some((name) => /^(?:nvidia\d+|dxg)$/.test(name));
  const found = version !== undefined ? `driver ${version}` : device ? "a device" : "no device";
  const old = version !== undefined && Number.parseInt(version) < 450;
  const unmet = old
    ? "update the driver"
    : 'install the driver; a container needs "--gpus all" as well';
  return check(
    "an NVIDIA GPU and a driver of at least 450",
    found,
    old || !device ? unmet : undefined,
  );
}

async function cuda({ missingCuda }: MachineSources): Promise<MachineCheck> {
  const missing = await missingCuda();
  const found = missing.length === 0
    ? `all ${CUDA_LIBRARIES.length} libraries`
    : `not found by the loader: ${missing.join(", ")}`;
  const unmet = "install CUDA 11.2 and cuDNN 8.1 beside what is there, and put their folders on " +
    "LD_LIBRARY_PATH; a newer CUDA does not do";
  return check("CUDA 11.2 and cuDNN 8.1", found, missing.length === 0 ? undefined : unmet);
}

function hostMachine(): MachineSources {
  return {
    platform: process.platform,
    arch: process.arch,
    versions: process.versions as MachineSources["versions"],
    readText: (path) => attempt(() => readFileSync(path, "utf8")),
    list: (path) => attempt(() => readdirSync(path)) ?? [],
    missingCuda: missingCudaLibraries,
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
