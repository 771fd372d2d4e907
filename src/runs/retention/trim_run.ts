import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../_internal/sha256.ts";
import { parseManifest, writeManifest } from "../manifest.ts";
import { refuseLinks } from "../written_files.ts";
import { isEpochFolder } from "./plan_epochs.ts";

/**
 * Removes epoch folders from a run that stays. The manifest goes first: it stops naming the files, with
 * a note of what was there. A kill in between leaves files that no manifest names, and the next plan
 * finds their folders again; never a manifest that names files that are gone.
 *
 * @returns why nothing was removed, or undefined
 */
export async function trimRun(
  folder: string,
  { epochs, fingerprint, onListed }: {
    readonly epochs: readonly string[];
    readonly fingerprint: string | null;
    readonly onListed: () => void | Promise<void>;
  },
): Promise<string | undefined> {
  for (const path of epochs) {
    if (!isEpochFolder(path)) return `${path} is no folder of an epoch`;
    await refuseLinks(folder, `${path}/file`);
  }
  const path = join(folder, "manifest.json");
  const text = await readFile(path, "utf8");
  if (sha256(text) !== fingerprint) return "its manifest changed since";
  const raw: unknown = JSON.parse(text);
  const { files, notes } = parseManifest(raw, path);
  const goes = (file: string) => epochs.some((epoch) => file.startsWith(`${epoch}/`));
  const stay = files.filter((file) => !goes(file.path));
  if (stay.length < files.length) {
    const note = `Pruned ${files.length - stay.length} files of epochs: ${epochs.join(", ")}`;
    // Keys of newer versions stay as they are.
    const next = { ...raw as object, files: stay, notes: [...notes, note] };
    await writeManifest(folder, next);
  }
  await onListed();
  for (const epoch of epochs) await rm(join(folder, epoch), { recursive: true, force: true });
  return undefined;
}
