import { existsSync } from "node:fs";
import { readdir, realpath, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import process from "node:process";

/**
 * Lets a native package use the project's TensorFlow.js instead of the copy that came with it:
 * otherwise a process would load all of it twice. Without one in the project its own stays.
 */
export async function shareTfjs(folder: string, project: string): Promise<void> {
  const mine = join(project, "node_modules", "@tensorflow", "tfjs");
  if (!existsSync(mine)) return;
  const tfjs = await realpath(mine);
  const require = createRequire(join(tfjs, "package.json"));
  const store = join(folder, "node_modules", ".deno");
  for (const entry of await readdir(store)) {
    const [, name, version] = /^@tensorflow\+(tfjs(?!-node)[^@]*)@(.+)$/.exec(entry) ?? [];
    if (name === undefined) continue;
    const target = name === "tfjs" ? tfjs : packageFolder(require, `@tensorflow/${name}`);
    if (target === undefined || versionOf(require, target) !== version) continue;
    const own = join(store, entry, "node_modules", "@tensorflow", name);
    await rm(own, { recursive: true, force: true });
    // Relative, so that the project can be moved; a junction of Windows cannot be.
    const link = process.platform === "win32"
      ? target
      : relative(await realpath(dirname(own)), target);
    await symlink(link, own, "junction");
  }
}

function packageFolder(require: NodeRequire, name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function versionOf(require: NodeRequire, folder: string): string {
  return (require(join(folder, "package.json")) as { version: string }).version;
}
