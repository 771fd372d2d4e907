import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { programsOnPath } from "../_internal/programs_on_path.ts";
import { permissionState } from "../hardware/deno_permission.ts";
import type { EnvironmentSnapshot } from "../hardware/environment/environment_snapshot.ts";
import {
  type EnvironmentSources,
  hostEnvironment,
} from "../hardware/environment/environment_sources.ts";
import { probeEnvironment } from "../hardware/environment/probe_environment.ts";
import { probeHardware } from "../hardware/probe_hardware.ts";
import type { HardwareSnapshot } from "../hardware/snapshot.ts";
import type { Need } from "./need.ts";
import { type Project, readProject } from "./dependencies/read_project.ts";
import { JUPYTER_FOLDER } from "./templates/kernel_template.ts";

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
  deno(): Promise<string | undefined>;
  /** Configuration of a training, as `qsight train` takes it. */
  readonly config: { readonly file?: string; readonly sets: readonly string[] };
  /** Whether this process is allowed to. */
  may(need: Need): boolean;
  /** What the project declares; read once. */
  project(): Promise<Project>;
  /** What the machine has; looked at once. */
  hardware(): Promise<HardwareSnapshot>;
  /** What surrounds the process; looked at once. */
  surroundings(): Promise<EnvironmentSnapshot>;
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
  /** Replaces what is seen of the machine. */
  readonly hardware?: HardwareSnapshot;
  /** Replaces what is seen of its surroundings. */
  readonly surroundings?: EnvironmentSnapshot;
}

/** Opens what the checks share; close it afterwards. Asks for no permission. */
export function openScene({ cwd, root, config = {}, ...given }: SceneOptions): Scene {
  const deno = (globalThis as { Deno?: { execPath(): string } }).Deno;
  // A permission that is neither granted nor denied would make Deno stop and ask.
  const may = (need: Need) =>
    ["granted", undefined].includes(
      permissionState(need === "read" ? { name: need, path: cwd } : { name: need }),
    );
  const env = given.env ?? (may("env") ? process.env : {});
  const folder = given.folder ?? (may("read") ? projectFolder(cwd) : cwd);
  const jupyterPath = jupyterPathOf(folder, { env, may });
  let project: Promise<Project> | undefined;
  let scratch: Promise<string> | undefined;
  let hardware = given.hardware && Promise.resolve(given.hardware);
  let surroundings = given.surroundings && Promise.resolve(given.surroundings);
  return {
    cwd,
    folder,
    root,
    env: jupyterPath === undefined ? env : { ...env, JUPYTER_PATH: jupyterPath },
    config: { file: config.file, sets: config.sets ?? [] },
    async deno() {
      if (deno !== undefined) return may("read") ? deno.execPath() : undefined;
      return (await programsOnPath("deno", { path: env.PATH ?? "" }))[0];
    },
    may,
    project: () => project ??= readProject(folder),
    hardware: () => hardware ??= probeHardware(),
    surroundings: () =>
      surroundings ??= probeEnvironment({
        folder,
        programs: ["deno", "node"],
        sources: withVariable(jupyterPath),
      }),
    scratch: () => scratch ??= mkdtemp(join(tmpdir(), "qsight-doctor-")),
    async close() {
      if (scratch !== undefined) await rm(await scratch, { recursive: true, force: true });
    },
  };
}

/** Jupyter's search path with the kernels that `qsight init` wrote, which its start script names. */
function jupyterPathOf(
  folder: string,
  { env, may }: Pick<Scene, "env" | "may">,
): string | undefined {
  const own = join(folder, JUPYTER_FOLDER);
  if (!may("read") || !existsSync(join(own, "kernels"))) return undefined;
  return [own, ...(env.JUPYTER_PATH ? [env.JUPYTER_PATH] : [])].join(delimiter);
}

function withVariable(jupyterPath: string | undefined): Partial<EnvironmentSources> {
  if (jupyterPath === undefined) return {};
  const { variable } = hostEnvironment();
  return { variable: (name) => name === "JUPYTER_PATH" ? jupyterPath : variable(name) };
}

/** The nearest folder that declares something; without one, the folder itself. */
function projectFolder(cwd: string): string {
  const names = ["deno.json", "deno.jsonc", "package.json"];
  for (let folder = cwd;; folder = dirname(folder)) {
    if (names.some((name) => existsSync(join(folder, name)))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}
