import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { type CommandResult, runCommand } from "../_internal/run_command.ts";
import {
  DOWNLOAD_FAULT,
  explainNativeFault,
  fixOf,
  NATIVE_FAULTS,
} from "../tensors/native/native_faults.ts";
import {
  NATIVE_FOLDER,
  NATIVE_VERSION,
  type NativeName,
} from "../tensors/native/native_package.ts";
import { shareTfjs } from "./share_tfjs.ts";

/** What {@linkcode installNativePackage} needs besides the package's name. */
export interface InstallNativeOptions {
  /** The project in whose node_modules the package goes. */
  readonly project: string;
  /** Stops the install; what there was is put back. */
  readonly signal: AbortSignal;
}

/** An install that did not succeed, and left nothing. */
export class InstallError extends Error {
  override readonly name = "InstallError";
}

/** The library has several hundred megabytes. */
const DEADLINE = 3_600_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Installs a native package with its install script, and only that script, into a folder of its own
 * below the project's node_modules: no other file of the project changes. Where it fails, what was
 * there before is there again.
 *
 * @returns the folder
 * @throws {InstallError} with the cause and what to configure
 */
export async function installNativePackage(
  name: NativeName,
  { project, signal }: InstallNativeOptions,
): Promise<string> {
  const folder = join(project, "node_modules", NATIVE_FOLDER, name);
  const before = `${folder}.before`;
  await rm(before, { recursive: true, force: true });
  if (existsSync(folder)) await rename(folder, before);
  try {
    await mkdir(folder, { recursive: true });
    await writeConfig(folder, name);
    const fault = faultOf(await denoInstall(folder, name, signal)) ??
      await missingFile(folder, name);
    if (fault !== undefined) {
      throw new InstallError(`@tensorflow/${name}: ${fault}${closing(fault)}`);
    }
    await shareTfjs(folder, project);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (existsSync(before)) await rename(before, folder);
    else await removeIfEmpty(join(folder, ".."));
    throw error;
  }
  await rm(before, { recursive: true, force: true });
  return folder;
}

/** Most installs that fail do so for want of what the script downloads. */
function closing(fault: string): string {
  const download = NATIVE_FAULTS.find(({ id }) => id === DOWNLOAD_FAULT);
  const mend = download === undefined || fault.includes(fixOf(download))
    ? ""
    : `. If its downloads are the reason: ${fixOf(download)}`;
  return `${mend}. Nothing was changed`;
}

/** A configuration of its own; Deno passes over those in node_modules that are not named to it. */
async function writeConfig(folder: string, name: NativeName): Promise<void> {
  const imports = { [`@tensorflow/${name}`]: `npm:@tensorflow/${name}@${NATIVE_VERSION}` };
  const config = { nodeModulesDir: "auto", lock: false, imports };
  await writeFile(join(folder, "deno.json"), JSON.stringify(config));
}

function denoInstall(
  folder: string,
  name: NativeName,
  signal: AbortSignal,
): Promise<CommandResult> {
  const deno = "deno" in process.versions ? process.execPath : "deno";
  const scripts = `--allow-scripts=npm:@tensorflow/${name}@${NATIVE_VERSION}`;
  const env = installEnvironment(process.env);
  return runCommand([deno, "install", "-c", "deno.json", scripts], {
    cwd: folder,
    env,
    timeout: DEADLINE,
    signal,
  });
}

/**
 * The environment of the install script. A mirror that is given for the library holds for the
 * binding too, which the package itself does not see to.
 */
export function installEnvironment(environment: Environment): Record<string, string> {
  const env = Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] =>
      entry[1] !== undefined
    ),
  );
  const storage = env.TFJS_NODE_CDN_STORAGE ?? env.CDN_STORAGE;
  if (storage === undefined) return { ...env, NO_COLOR: "1" };
  const base = storage.endsWith("/") ? storage : `${storage}/`;
  return {
    npm_config_tfjs_binding_binary_host_mirror: `${base}tf-builds/pre-built-binary`,
    ...env,
    TFJS_NODE_CDN_STORAGE: base,
    NO_COLOR: "1",
  };
}

function faultOf({ status, stdout, stderr }: CommandResult): string | undefined {
  if (status === "ok") return undefined;
  if (status === "absent") return "there is no deno on PATH, which installs it";
  if (status === "timeout") return "the install was stopped";
  return `the install failed: ${explainNativeFault(`${stderr}\n${stdout}`)}`;
}

/** A script that was passed over in silence leaves no binding. */
async function missingFile(folder: string, name: NativeName): Promise<string | undefined> {
  const library = join(folder, "node_modules", "@tensorflow", name, "lib");
  const builds = await readdir(library).catch((): string[] => []);
  const there = builds.some((build) => existsSync(join(library, build, "tfjs_binding.node")));
  return there ? undefined : `its install script left no tfjs_binding.node in ${library}`;
}

async function removeIfEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => ["unknown"]);
  if (names.length === 0) await rm(folder, { recursive: true });
}
