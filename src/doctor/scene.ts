import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import type { Need } from "./check.ts";
import { type Project, readProject } from "./dependencies/read_project.ts";

/** What all checks of one examination share. */
export interface Scene {
  /** Where the user stands. */
  readonly cwd: string;
  /** The project that is examined: the nearest folder above that has a deno.json or package.json. */
  readonly folder: string;
  /** Folder of this package, whose entry point is built. */
  readonly root: URL;
  /** Environment variables; empty where they cannot be read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Deno's executable, or undefined where there is none. */
  readonly deno: string | undefined;
  /** Configuration of a training, as `qsight train` takes it. */
  readonly config: { readonly file?: string; readonly sets: readonly string[] };
  /** Whether this process is allowed to. */
  may(need: Need): boolean;
  /** What the project declares; read once. */
  project(): Promise<Project>;
  /** A folder for trials; gone when the scene is closed. */
  scratch(): Promise<string>;
  /** Removes what was made. */
  close(): Promise<void>;
}

/** What a scene is made of. */
export interface SceneOptions {
  readonly cwd: string;
  readonly root: URL;
  readonly config?: { readonly file?: string; readonly sets?: readonly string[] };
  /** Replaces the variables of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder to examine. @default the nearest project from `cwd` upward */
  readonly folder?: string;
}

interface DenoGlobal {
  execPath(): string;
  readonly permissions: {
    querySync(descriptor: { readonly name: string; readonly path?: string }): {
      readonly state: string;
    };
  };
}

/** Opens what the checks share; close it afterwards. Asks for no permission. */
export function openScene({ cwd, root, config = {}, ...given }: SceneOptions): Scene {
  const deno = (globalThis as { Deno?: DenoGlobal }).Deno;
  // A permission that is neither granted nor denied would make Deno stop and ask.
  const granted = (name: string, path?: string) =>
    deno === undefined || deno.permissions.querySync({ name, path }).state === "granted";
  const may = (need: Need) =>
    need === "read" ? granted("read", cwd) : need === "write" ? granted("write") : granted(need);
  const env = given.env ?? (may("env") ? process.env : {});
  const folder = given.folder ?? (may("read") ? projectFolder(cwd) : cwd);
  let project: Promise<Project> | undefined;
  let scratch: Promise<string> | undefined;
  return {
    cwd,
    folder,
    root,
    env,
    config: { file: config.file, sets: config.sets ?? [] },
    deno: deno === undefined ? onPath("deno", env) : granted("read") ? deno.execPath() : undefined,
    may,
    project: () => project ??= readProject(folder),
    scratch: () => scratch ??= mkdtemp(join(tmpdir(), "qsight-doctor-")),
    async close() {
      if (scratch !== undefined) await rm(await scratch, { recursive: true, force: true });
    },
  };
}

/** The nearest folder that declares something; without one, the folder itself. */
function projectFolder(cwd: string): string {
  const names = ["deno.json", "deno.jsonc", "package.json"];
  for (let folder = cwd;; folder = dirname(folder)) {
    if (names.some((name) => existsSync(join(folder, name)))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function onPath(name: string, env: Scene["env"]): string | undefined {
  const folders = (env.PATH ?? "").split(process.platform === "win32" ? ";" : ":");
  return folders.filter((folder) => folder !== "").map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
