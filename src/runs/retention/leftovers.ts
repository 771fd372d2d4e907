import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../process_identity.ts";
import { readWriter, writerOf } from "../run_writer.ts";
import { ARCHIVES } from "./archive_run.ts";

/** What another process may still be writing is left alone this long. */
const QUIET_HOURS = 24;

const PRUNED = /^\..+\.qsight-pruned$/;
const RESTORED = /^\.[0-9a-f-]{36}\.restore\.tmp$/;
const PACKED = /^\..+\.[0-9a-f-]{36}\.tmp$/;

/** The hidden name that a run folder takes before it is removed. */
export function prunedName(id: string): string {
  return `.${id}.qsight-pruned`;
}

/** What killed prunes and restores left, as paths inside the root, sorted. */
export async function findLeftovers(root: string, now: Date): Promise<string[]> {
  const found: string[] = [];
  for (const name of await namesIn(root)) {
    if (await isLeftover(root, { path: name, now })) found.push(name);
  }
  for (const name of await namesIn(join(root, ARCHIVES))) {
    const path = `${ARCHIVES}/${name}`;
    if (await isLeftover(root, { path, now })) found.push(path);
  }
  return found.sort();
}

/** Removes one, when it still is one; false otherwise. */
export async function removeLeftover(
  root: string,
  about: { readonly path: string; readonly now: Date },
): Promise<boolean> {
  if (!await isLeftover(root, about)) return false;
  await rm(join(root, about.path), { recursive: true, force: true });
  return true;
}

async function isLeftover(
  root: string,
  { path, now }: { readonly path: string; readonly now: Date },
): Promise<boolean> {
  const kind = await lstat(join(root, path)).catch(() => undefined);
  if (kind === undefined || kind.isSymbolicLink()) return false;
  const isQuiet = now.getTime() - kind.mtimeMs > QUIET_HOURS * 3_600_000;
  if (path.startsWith(`${ARCHIVES}/`)) {
    const isInside = await isFolder(join(root, ARCHIVES));
    const name = path.slice(ARCHIVES.length + 1);
    return isInside && kind.isFile() && isQuiet && !name.includes("/") && PACKED.test(name);
  }
  if (/[/\\]/.test(path)) return false;
  if (kind.isDirectory()) return PRUNED.test(path) || (isQuiet && RESTORED.test(path));
  const id = writerOf(path);
  return id !== undefined && await isWithoutRun(root, id);
}

/** Whether a file that says who writes a run has outlived that run. */
async function isWithoutRun(root: string, id: string): Promise<boolean> {
  if (await lstat(join(root, id)).catch(() => undefined) !== undefined) return false;
  const writer = await readWriter(root, id);
  return writer !== undefined && await isAlive(writer) === false;
}

async function namesIn(folder: string): Promise<string[]> {
  return await isFolder(folder) ? await readdir(folder) : [];
}

async function isFolder(path: string): Promise<boolean> {
  return await lstat(path).then((kind) => kind.isDirectory(), () => false);
}
