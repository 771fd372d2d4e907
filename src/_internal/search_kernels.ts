import { readdir, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Environment, kernelFolders } from "./kernel_folders.ts";
import { messageOf } from "./message_of.ts";
import { isExecutableFile } from "./programs_on_path.ts";

/** How to start a Jupyter kernel. */
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

/** What {@linkcode searchKernels} found. */
export interface KernelSearch {
  /** In the order of the search path; where two have one name, the first. */
  readonly specs: readonly KernelSpec[];
  /** kernel.json files that cannot be used, and why. */
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  /** Folders that were looked at, first to last. */
  readonly folders: readonly string[];
}

/** Where the search gets its facts; a missing file rejects with the code ENOENT. */
export interface KernelSources {
  /** Names in a folder. */
  listFolder(path: string): Promise<readonly string[]>;
  readText(path: string): Promise<string>;
  isExecutable(file: string): Promise<boolean>;
  /** The home folder where HOME is not set. */
  home(): string;
}

/** Options of {@linkcode searchKernels}. */
export interface SearchKernelsOptions {
  /** @default {process.env} */
  readonly env?: Environment;
  /** @default {process.platform} */
  readonly platform?: string;
  /** @default this machine */
  readonly sources?: KernelSources;
}

/** The kernels on Jupyter's own search path. Reads only; what is no kernel is passed over. */
export async function searchKernels(options: SearchKernelsOptions = {}): Promise<KernelSearch> {
  const { env = process.env, platform, sources = hostKernelSources } = options;
  const { isExecutable } = sources;
  const home = env.HOME ?? sources.home();
  const folders = await kernelFolders({ env, home, platform, isExecutable });
  const specs = new Map<string, KernelSpec>();
  const broken: { file: string; reason: string }[] = [];
  for (const folder of folders) {
    for (const name of [...await namesIn(folder, sources)].sort()) {
      if (specs.has(name.toLowerCase())) continue;
      const origin = join(folder, name, "kernel.json");
      const spec = await readSpec(join(folder, name), { name, origin, sources });
      if (typeof spec === "string") broken.push({ file: origin, reason: spec });
      else if (spec !== undefined) specs.set(name.toLowerCase(), spec);
    }
  }
  return { specs: [...specs.values()], broken, folders };
}

const hostKernelSources: KernelSources = {
  listFolder: (path) => readdir(path),
  async readText(path) {
    // Reading a pipe would wait for a writer, for ever.
    if (!(await stat(path)).isFile()) throw new Error(`${path} is not a regular file`);
    return await readFile(path, "utf8");
  },
  isExecutable: isExecutableFile,
  home: homedir,
};

/** Most folders of the search path do not exist; one that cannot be listed holds no kernel either. */
async function namesIn(folder: string, { listFolder }: KernelSources): Promise<readonly string[]> {
  try {
    return await listFolder(folder);
  } catch (error) {
    if ((error as { name?: string }).name === "NotCapable") throw error;
    return [];
  }
}

/** The spec of one folder, why it cannot be used, or undefined where no kernel.json is. */
async function readSpec(
  folder: string,
  { name, origin, sources }: { name: string; origin: string; sources: KernelSources },
): Promise<KernelSpec | string | undefined> {
  let text: string;
  try {
    text = await sources.readText(origin);
  } catch (error) {
    // Other things lie in these folders too.
    const { code } = error as { code?: string };
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : messageOf(error).split("\n")[0];
  }
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `no JSON: ${messageOf(error).split("\n")[0]}`;
  }
  const argv = value?.argv;
  if (!Array.isArray(argv) || argv.length === 0) return "it has no argv, the command line";
  const command = argv.map((part) => String(part).replaceAll("{resource_dir}", folder));
  command[0] = await pythonOf(folder, { program: command[0], ...sources });
  return {
    name,
    displayName: String(value?.display_name ?? name),
    language: String(value?.language ?? ""),
    argv: command,
    env: Object.fromEntries(
      Object.entries((value?.env as Record<string, unknown>) ?? {}).map(([k, v]) => [k, String(v)]),
    ),
    interruptMode: value?.interrupt_mode === "message" ? "message" : "signal",
    origin,
  };
}

/** A bare `python3` means the one of the environment that the spec lies in, as for Jupyter. */
async function pythonOf(
  folder: string,
  { program, isExecutable }: Pick<KernelSources, "isExecutable"> & { readonly program: string },
): Promise<string> {
  if (!/^python(?:\d(?:\.\d+)?)?$/.test(program)) return program;
  const own = join(folder, "../../../../bin", program);
  return await isExecutable(own) ? own : program;
}
