import { readdir, readFile } from "node:fs/promises";
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import { nearestName } from "../../_internal/nearest_name.ts";
import { KernelStartError } from "../runner_errors.ts";

/** How to start a kernel. */
export interface KernelSpec {
  /** By which notebooks and options name it. */
  readonly name: string;
  /** What front ends show. */
  readonly displayName: string;
  /** Such as "typescript" or "python". */
  readonly language: string;
  /** Command line; `{connection_file}` stands for the connection file. */
  readonly argv: readonly string[];
  /** Added to the environment of its process. */
  readonly env: Readonly<Record<string, string>>;
  /** How the kernel is interrupted: SIGINT, or a message on the control channel. */
  readonly interruptMode: "signal" | "message";
  /** The kernel.json, or `"built in"`. */
  readonly origin: string;
}

/** Options of {@linkcode findKernel} and {@linkcode listKernels}. */
export interface KernelSearchOptions {
  /** Environment with PATH, JUPYTER_PATH and JUPYTER_DATA_DIR. @default {process.env} */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The kernel of that name from Jupyter's search path; `deno` is built in where none is installed.
 *
 * @throws {KernelStartError} listing the kernels found and the folders looked at
 * @throws {TypeError} for unknown options
 */
export async function findKernel(
  name: string,
  options: KernelSearchOptions = {},
): Promise<KernelSpec> {
  checkOptions("findKernel", options, ["env"]);
  const { env = process.env } = options;
  const kernels = await listKernels({ env });
  const found = kernels.find((kernel) => kernel.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = kernels.map((kernel) => kernel.name);
  const near = nearestName(name, names);
  throw new KernelStartError(
    `No kernel named "${name}"${near === undefined ? "." : `, did you mean "${near}"?`} ` +
      `Found: ${names.join(", ") || "none"}. Looked at: Deno's executable ` +
      `${denoPath(env) ?? "(deno is not on PATH)"}, ${kernelFolders(env).join(", ")}. ` +
      `Install the kernel or choose another with the option kernel`,
  );
}

/**
 * All kernels that could be started here; where two have one name, the first found.
 *
 * @throws {TypeError} for unknown options
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listKernels } from "@qsight/qsight/runner";
 *
 * const names = (await listKernels()).map(({ name }) => name);
 * assert(names.includes("deno")); // python3 and others where they are installed
 * ```
 */
export async function listKernels(options: KernelSearchOptions = {}): Promise<KernelSpec[]> {
  checkOptions("listKernels", options, ["env"]);
  const { env = process.env } = options;
  const found = new Map<string, KernelSpec>();
  for (const folder of kernelFolders(env)) {
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      if (found.has(name.toLowerCase())) continue;
      const spec = await readSpec(join(folder, name), name);
      if (spec !== undefined) found.set(name.toLowerCase(), spec);
    }
  }
  const builtIn = found.has("deno") ? undefined : denoKernel(env);
  return [...(builtIn === undefined ? [] : [builtIn]), ...found.values()];
}

/** Jupyter's data folders in the order of jupyter_core. */
function kernelFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  const own = process.platform === "darwin" ? "Library/Jupyter" : ".local/share/jupyter";
  const user = env.JUPYTER_DATA_DIR || join(env.HOME ?? homedir(), own);
  const environments = environmentPrefixes(env).map((prefix) => join(prefix, "share/jupyter"));
  // An active environment of Python is nearer than the user's own folder, unless told otherwise.
  const prefer = env.JUPYTER_PREFER_ENV_PATH ?? (env.VIRTUAL_ENV ?? env.CONDA_PREFIX ?? "no");
  const environmentFirst = !/^(?:no|n|false|off|0|0\.0)$/i.test(prefer);
  const folders = [
    ...(env.JUPYTER_PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
    ...(environmentFirst ? [...environments, user] : [user, ...environments]),
    "/usr/local/share/jupyter",
    "/usr/share/jupyter",
  ];
  return [...new Set(folders)].map((folder) => join(folder, "kernels"));
}

/** Where Python environments lie: the active ones, and that of each `jupyter` on PATH. */
function environmentPrefixes(env: Readonly<Record<string, string | undefined>>): string[] {
  const active = [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((prefix) => prefix);
  const onPath = (env.PATH ?? "").split(delimiter)
    .filter((folder) => folder !== "" && isExecutable(join(folder, "jupyter"))).map(dirname);
  return [...new Set([...active as string[], ...onPath])];
}

/** The spec of one folder, or undefined where there is none that could be used. */
async function readSpec(folder: string, name: string): Promise<KernelSpec | undefined> {
  const origin = join(folder, "kernel.json");
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(await readFile(origin, "utf8"));
  } catch {
    // Other things lie in these folders too; what cannot be read is no kernel.
    return undefined;
  }
  const argv = value?.argv;
  if (!Array.isArray(argv) || argv.length === 0) return undefined;
  const command = argv.map((part) => String(part).replaceAll("{resource_dir}", folder));
  command[0] = pythonOf(folder, command[0]);
  return {
    name,
    displayName: String(value.display_name ?? name),
    language: String(value.language ?? ""),
    argv: command,
    env: Object.fromEntries(
      Object.entries((value.env as Record<string, unknown>) ?? {}).map(([k, v]) => [k, String(v)]),
    ),
    interruptMode: value.interrupt_mode === "message" ? "message" : "signal",
    origin,
  };
}

/** A bare `python3` means the one of the environment that the spec lies in, as for Jupyter. */
function pythonOf(folder: string, program: string): string {
  if (!/^python(?:\d(?:\.\d+)?)?$/.test(program)) return program;
  const own = join(folder, "../../../../bin", program);
  return isExecutable(own) ? own : program;
}

function denoKernel(env: Readonly<Record<string, string | undefined>>): KernelSpec | undefined {
  const path = denoPath(env);
  if (path === undefined) return undefined;
  return {
    name: "deno",
    displayName: "Deno",
    language: "typescript",
    argv: [path, "jupyter", "--kernel", "--conn", "{connection_file}"],
    env: {},
    interruptMode: "message",
    origin: "built in",
  };
}

/** The running Deno, or from Node the one on PATH. */
function denoPath(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const deno = (globalThis as { Deno?: { execPath(): string } }).Deno;
  if (deno !== undefined) return deno.execPath();
  const folders = (env.PATH ?? "").split(delimiter).filter((entry) => entry !== "");
  return folders.map((folder) => join(folder, "deno")).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
