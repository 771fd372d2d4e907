import { access, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { isTemporary } from "./file_digest.ts";

/**
 * Writes a folder so that a reader finds the files of before or the new ones, never a mix: the new
 * ones grow beside it, then the two change places. What stood in the folder before is gone. A process
 * that is killed in between leaves what {@linkcode wholeFolder} finds and {@linkcode settleFolder}
 * puts in its place.
 *
 * @param files content by name
 */
export async function writeFolder(
  path: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await settleFolder(path);
  const { next, old } = besides(path);
  for (const [name, content] of Object.entries(files)) {
    await writeAtomic(join(next, name), content);
  }
  await changePlaces(path);
  await rm(old, { recursive: true, force: true });
}

/** Where the new files of a folder grow before {@linkcode changePlaces}. */
export function nextFolder(path: string): string {
  return besides(path).next;
}

/** Puts the new files in the place of the folder; those of before stay beside it until it is settled. */
export async function changePlaces(path: string): Promise<void> {
  const { next, old } = besides(path);
  if (await exists(path)) await rename(path, old);
  await rename(next, path);
}

/** Where the whole files of a folder are now, also after a kill while it changed places. */
export async function wholeFolder(path: string): Promise<string> {
  const { next, old } = besides(path);
  return !await exists(path) && await exists(old) ? next : path;
}

/** Ends a change of places that a killed process began, and removes what it left beside the folder. */
export async function settleFolder(path: string): Promise<void> {
  const { next, old } = besides(path);
  // The old files leave only when the new ones are whole.
  if (!await exists(path) && await exists(old)) await rename(next, path);
  await rm(old, { recursive: true, force: true });
  await rm(next, { recursive: true, force: true });
}

/** Settles all folders below one, and removes the files of writes that were cut short. */
export async function settleAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const replaced = /^\.(.+)\.(?:next|old)\.tmp$/.exec(entry.name)?.[1];
    if (entry.isDirectory() && replaced !== undefined) await settleFolder(join(folder, replaced));
    else if (entry.isDirectory()) await settleAll(path);
    else if (isTemporary(entry.name)) await rm(path, { force: true });
  }
}

/** Names that count as temporary, for a folder while it is replaced. */
function besides(path: string): { next: string; old: string } {
  const beside = (what: string) => join(dirname(path), `.${basename(path)}.${what}.tmp`);
  return { next: beside("next"), old: beside("old") };
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false);
}
