import { delimiter, dirname, join } from "node:path";
import process from "node:process";

/** Variables that decide where Jupyter looks for kernels. */
export const KERNEL_VARIABLES = [
  "APPDATA",
  "CONDA_PREFIX",
  "HOME",
  "JUPYTER_DATA_DIR",
  "JUPYTER_PATH",
  "JUPYTER_PREFER_ENV_PATH",
  "PATH",
  "PROGRAMDATA",
  "VIRTUAL_ENV",
] as const;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What {@linkcode kernelFolders} has to know of the system. */
export interface KernelFoldersOptions {
  readonly env: Environment;
  /** The home folder where HOME is not set. */
  readonly home: string;
  /** As in `process.platform`. @default {process.platform} */
  readonly platform?: string;
  /** Whether a file is there and may be executed. */
  isExecutable(file: string): Promise<boolean>;
}

/** The folders in which Jupyter looks for kernels, in the order of jupyter_core. */
export async function kernelFolders(options: KernelFoldersOptions): Promise<string[]> {
  const { env, home, platform = process.platform } = options;
  const user = env.JUPYTER_DATA_DIR || join(...userFolder(env, env.HOME ?? home, platform));
  const environments = (await environmentPrefixes(options))
    .map((prefix) => join(prefix, "share/jupyter"));
  // An active environment of Python is nearer than the user's own folder, unless told otherwise.
  const prefer = env.JUPYTER_PREFER_ENV_PATH ?? (env.VIRTUAL_ENV ?? env.CONDA_PREFIX ?? "no");
  const environmentFirst = !/^(?:no|n|false|off|0|0\.0)$/i.test(prefer);
  const folders = [
    ...(env.JUPYTER_PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
    ...(environmentFirst ? [...environments, user] : [user, ...environments]),
    ...(platform === "win32"
      ? env.PROGRAMDATA ? [join(env.PROGRAMDATA, "jupyter")] : []
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"]),
  ];
  return [...new Set(folders)].map((folder) => join(folder, "kernels"));
}

function userFolder(env: Environment, home: string, platform: string): [string, string] {
  if (platform === "darwin") return [home, "Library/Jupyter"];
  if (platform === "win32" && env.APPDATA) return [env.APPDATA, "jupyter"];
  return [home, ".local/share/jupyter"];
}

/** Where Python environments lie: the active ones, and that of each `jupyter` on PATH. */
async function environmentPrefixes(
  { env, isExecutable }: KernelFoldersOptions,
): Promise<string[]> {
  const active = [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((prefix) => prefix);
  const onPath = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const there = await Promise.all(onPath.map((folder) => isExecutable(join(folder, "jupyter"))));
  return [...new Set([...active as string[], ...onPath.filter((_, i) => there[i]).map(dirname)])];
}
