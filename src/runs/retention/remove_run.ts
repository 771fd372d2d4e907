import { lstat, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../_internal/sha256.ts";
import { syncFolder } from "../../_internal/write_atomic.ts";
import { isPinned } from "../pin_run.ts";
import { markEnded } from "../run_writer.ts";
import { prunedName } from "./leftovers.ts";

/**
 * Removes a run folder: first it takes a hidden name, in one step, so that nobody finds half a run;
 * then its files go. A kill in between leaves the hidden folder, which the next plan lists.
 *
 * @param about.fingerprint of the manifest that was planned with
 * @returns why it was not removed, or undefined
 */
export async function removeRun(
  root: string,
  { id, fingerprint, onHidden }: {
    readonly id: string;
    readonly fingerprint: string | null;
    readonly onHidden: () => void | Promise<void>;
  },
): Promise<string | undefined> {
  const [folder, hidden] = [join(root, id), join(root, prunedName(id))];
  // Left by a kill, before the run was restored from its archive.
  if ((await lstat(hidden).catch(() => undefined))?.isDirectory()) {
    await rm(hidden, { recursive: true, force: true });
  }
  await rename(folder, hidden);
  // Nobody can write to it by its name any more: what is looked at now is what will be removed.
  const changed = await changeOf(hidden, fingerprint);
  if (changed !== undefined) {
    await rename(hidden, folder);
    return changed;
  }
  await syncFolder(root);
  await onHidden();
  await rm(hidden, { recursive: true, force: true });
  await markEnded(root, id);
  return undefined;
}

async function changeOf(folder: string, fingerprint: string | null): Promise<string | undefined> {
  if (!(await lstat(folder)).isDirectory()) return "it is a link now";
  if (await isPinned(folder)) return "it was pinned since";
  const text = await readFile(join(folder, "manifest.json")).catch(() => undefined);
  const now = text === undefined ? null : sha256(text);
  return now === fingerprint ? undefined : "its manifest changed since";
}
